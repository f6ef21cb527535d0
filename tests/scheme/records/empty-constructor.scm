;; Empty constructor.
;; error:
;;| fruix::eval::missing-field
;;|   × `user-account` lacks the field `name`
;;|     ╭─[records/empty-constructor.scm:14:2]
;;|  13 │ (use-modules (fruix accounts))
;;|  14 │ (user-account)
;;|     ·  ──────┬─────
;;|     ·        ╰── the field `name` must be given
;;|     ╰────
;;|   help: add (name …): a string

(use-modules (fruix accounts))
(user-account)
