;; Empty clause.
;; error:
;;| fruix::eval::malformed-field
;;|   × an empty clause in `user-account`
;;|     ╭─[records/empty-clause.scm:13:15]
;;|  12 │ (use-modules (fruix accounts))
;;|  13 │ (user-account () (name "ada"))
;;|     ·               ─┬
;;|     ·                ╰── expected (field value)
;;|     ╰────

(use-modules (fruix accounts))
(user-account () (name "ada"))
