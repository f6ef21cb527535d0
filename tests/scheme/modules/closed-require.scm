;; Nor can they be required.
;; error:
;;|   × there is no module steel/process
;;|     ╭─[modules/closed-require.scm:13:10]
;;|  12 │
;;|  13 │ (require "steel/process")
;;|     ·          ───────┬───────
;;|     ·                 ╰── not found in Fruix itself, modules
;;|  14 │ 1
;;|     ╰────
;;|   help: name a directory that has it with -L DIR

(require "steel/process")
1
