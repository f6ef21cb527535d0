;; Accessor of number.
;; error:
;;| fruix::eval::failed
;;|   × user-account-name: expected a `user-account` record, got the integer 5
;;|     ╭─[records/accessor-of-number.scm:13:1]
;;|  12 │ (use-modules (fruix accounts))
;;|  13 │ (user-account-name 5)
;;|     · ──────────┬──────────
;;|     ·           ╰── here
;;|     ╰────

(use-modules (fruix accounts))
(user-account-name 5)
