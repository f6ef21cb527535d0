;; A file that does not exist.
;; error:
;;|   × there is no module lib/nothing.scm
;;|     ╭─[modules/missing-file.scm:13:10]
;;|  12 │
;;|  13 │ (require "lib/nothing.scm")
;;|     ·          ────────┬────────
;;|     ·                  ╰── not found in Fruix itself, modules
;;|  14 │ 1
;;|     ╰────
;;|   help: name a directory that has it with -L DIR

(require "lib/nothing.scm")
1
