;; Use bare.
;; error:
;;| fruix::eval::malformed-import
;;|   × this is no module name
;;|     ╭─[modules/use-bare.scm:13:14]
;;|  12 │
;;|  13 │ (use-modules fruix system)
;;|     ·              ──┬──
;;|     ·                ╰── expected a list of names
;;|     ╰────
;;|   help: write (use-modules (fruix system)); for a file, (require "path/file.scm")

(use-modules fruix system)
