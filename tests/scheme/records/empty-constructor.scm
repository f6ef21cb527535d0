;; Empty constructor.
;; error:
;;|   × `user-account` lacks the field `name`
;;|     ╭─[records/empty-constructor.scm:13:2]
;;|  12 │ (use-modules (fruix accounts))
;;|  13 │ (user-account)
;;|     ·  ──────┬─────
;;|     ·        ╰── the field `name` must be given
;;|     ╰────
;;|   help: add (name …): a string

(use-modules (fruix accounts))
(user-account)
