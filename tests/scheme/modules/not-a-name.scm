;; A module name that is none.
;; error:
;;|   × this is no module name
;;|     ╭─[modules/not-a-name.scm:13:14]
;;|  12 │
;;|  13 │ (use-modules fruix)
;;|     ·              ──┬──
;;|     ·                ╰── expected a list of names
;;|  14 │ 1
;;|     ╰────
;;|   help: write (use-modules (fruix system)); for a file, (require "path/file.scm")

(use-modules fruix)
1
