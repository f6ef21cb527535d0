;; Use bare.
;; error:
;;|   × this is no module name
;;|     ╭─[modules/use-bare.scm:12:14]
;;|  11 │
;;|  12 │ (use-modules fruix system)
;;|     ·              ──┬──
;;|     ·                ╰── expected a list of names
;;|     ╰────
;;|   help: write (use-modules (fruix system)); for a file, (require "path/file.scm")

(use-modules fruix system)
