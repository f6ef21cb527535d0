;; A definition with an unknown option.
;; error:
;;| fruix::eval::malformed-type
;;|   × unknown option of the field `name`
;;|     ╭─[records/definition-bad-option.scm:14:40]
;;|  13 │
;;|  14 │ (define-record-type* host (name string (defualt "x")))
;;|     ·                                        ──────┬──────
;;|     ·                                              ╰── expected (default VALUE), (thunked), (delayed), (innate), (sanitize PROCEDURE), (check PROCEDURE) or (doc TEXT)
;;|     ╰────

(use-modules (fruix records))

(define-record-type* host (name string (defualt "x")))
