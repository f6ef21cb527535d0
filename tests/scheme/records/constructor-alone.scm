;; Constructor alone.
;; error:
;;|   × `user-account` is a form, and no value
;;|     ╭─[records/constructor-alone.scm:13:1]
;;|  12 │ (use-modules (fruix accounts))
;;|  13 │ user-account
;;|     · ──────┬─────
;;|     ·       ╰── not known here
;;|     ╰────
;;|   help: write (user-account …), with a `lambda` around it where a procedure is needed

(use-modules (fruix accounts))
user-account
