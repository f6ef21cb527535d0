;; Inherit nothing.
;; error:
;;|   × the field `inherit` of `user-account` has no value
;;|     ╭─[records/inherit-nothing.scm:12:16]
;;|  11 │ (use-modules (fruix accounts))
;;|  12 │ (user-account (inherit))
;;|     ·                ───┬───
;;|     ·                   ╰── expected (inherit VALUE)
;;|     ╰────

(use-modules (fruix accounts))
(user-account (inherit))
