;; Constructor as value.
;; error:
;;| fruix::eval::form-as-value
;;|   × `user-account` is a form, and no value
;;|     ╭─[records/constructor-as-value.scm:14:6]
;;|  13 │ (use-modules (fruix accounts))
;;|  14 │ (map user-account '("a" "b"))
;;|     ·      ──────┬─────
;;|     ·            ╰── not known here
;;|     ╰────
;;|   help: write (user-account …), with a `lambda` around it where a procedure is needed

(use-modules (fruix accounts))
(map user-account '("a" "b"))
