;; Inherit nothing.
;; error:
;;| fruix::eval::field-type
;;|   × the field `inherit` of `user-account` has no value
;;|     ╭─[records/inherit-nothing.scm:13:16]
;;|  12 │ (use-modules (fruix accounts))
;;|  13 │ (user-account (inherit))
;;|     ·                ───┬───
;;|     ·                   ╰── expected (inherit VALUE)
;;|     ╰────

(use-modules (fruix accounts))
(user-account (inherit))
