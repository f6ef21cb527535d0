;; Nor can they be required.
;; error:
;;| fruix::eval::unknown-module
;;|   × there is no module steel/process
;;|     ╭─[modules/closed-require.scm:14:10]
;;|  13 │
;;|  14 │ (require "steel/process")
;;|     ·          ───────┬───────
;;|     ·                 ╰── not found in Fruix itself, modules
;;|  15 │ 1
;;|     ╰────
;;|   help: name a directory that has it with -L DIR

(require "steel/process")
1
