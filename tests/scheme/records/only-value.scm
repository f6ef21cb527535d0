;; Only value.
;; error:
;;| fruix::eval::malformed-field
;;|   × `user-account` takes fields, not the string "ada"
;;|     ╭─[records/only-value.scm:13:15]
;;|  12 │ (use-modules (fruix accounts))
;;|  13 │ (user-account "ada")
;;|     ·               ──┬──
;;|     ·                 ╰── expected (field value)
;;|     ╰────

(use-modules (fruix accounts))
(user-account "ada")
