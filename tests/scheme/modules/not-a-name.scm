;; A module name that is none.
;; error:
;;| fruix::eval::malformed-import
;;|   × this is no module name
;;|     ╭─[modules/not-a-name.scm:14:14]
;;|  13 │
;;|  14 │ (use-modules fruix)
;;|     ·              ──┬──
;;|     ·                ╰── expected a list of names
;;|  15 │ 1
;;|     ╰────
;;|   help: write (use-modules (fruix system)); for a file, (require "path/file.scm")

(use-modules fruix)
1
