;; Constructor alone.
;; error:
;;| fruix::eval::form-as-value
;;|   × `user-account` is a form, and no value
;;|     ╭─[records/constructor-alone.scm:14:1]
;;|  13 │ (use-modules (fruix accounts))
;;|  14 │ user-account
;;|     · ──────┬─────
;;|     ·       ╰── not known here
;;|     ╰────
;;|   help: write (user-account …), with a `lambda` around it where a procedure is needed

(use-modules (fruix accounts))
user-account
