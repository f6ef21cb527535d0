;; Empty clause.
;; error:
;;|   × an empty clause in `user-account`
;;|     ╭─[records/empty-clause.scm:12:15]
;;|  11 │ (use-modules (fruix accounts))
;;|  12 │ (user-account () (name "ada"))
;;|     ·               ─┬
;;|     ·                ╰── expected (field value)
;;|     ╰────

(use-modules (fruix accounts))
(user-account () (name "ada"))
