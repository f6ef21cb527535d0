;; A file that does not exist.
;; error:
;;| fruix::eval::unknown-module
;;|   × there is no module lib/nothing.scm
;;|     ╭─[modules/missing-file.scm:14:10]
;;|  13 │
;;|  14 │ (require "lib/nothing.scm")
;;|     ·          ────────┬────────
;;|     ·                  ╰── not found in Fruix itself, modules
;;|  15 │ 1
;;|     ╰────
;;|   help: name a directory that has it with -L DIR

(require "lib/nothing.scm")
1
