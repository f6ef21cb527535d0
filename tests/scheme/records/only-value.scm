;; Only value.
;; error:
;;|   × `user-account` takes fields, not the string "ada"
;;|     ╭─[records/only-value.scm:12:15]
;;|  11 │ (use-modules (fruix accounts))
;;|  12 │ (user-account "ada")
;;|     ·               ──┬──
;;|     ·                 ╰── expected (field value)
;;|     ╰────

(use-modules (fruix accounts))
(user-account "ada")
