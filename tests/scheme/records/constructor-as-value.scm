;; Constructor as value.
;; error:
;;|   × `user-account` is a form, and no value
;;|     ╭─[records/constructor-as-value.scm:13:6]
;;|  12 │ (use-modules (fruix accounts))
;;|  13 │ (map user-account '("a" "b"))
;;|     ·      ──────┬─────
;;|     ·            ╰── not known here
;;|     ╰────
;;|   help: write (user-account …), with a `lambda` around it where a procedure is needed

(use-modules (fruix accounts))
(map user-account '("a" "b"))
