;; Accessor of number.
;; error:
;;|   × user-account-name: expected a `user-account` record, got the integer 5
;;|     ╭─[records/accessor-of-number.scm:12:1]
;;|  11 │ (use-modules (fruix accounts))
;;|  12 │ (user-account-name 5)
;;|     · ──────────┬──────────
;;|     ·           ╰── here
;;|     ╰────

(use-modules (fruix accounts))
(user-account-name 5)
