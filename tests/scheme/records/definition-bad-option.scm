;; A definition with an unknown option.
;; error:
;;|   × unknown option of the field `name`
;;|     ╭─[records/definition-bad-option.scm:13:40]
;;|  12 │
;;|  13 │ (define-record-type* host (name string (defualt "x")))
;;|     ·                                        ──────┬──────
;;|     ·                                              ╰── expected (default VALUE), (thunked), (delayed), (innate), (sanitize PROCEDURE), (check PROCEDURE) or (doc TEXT)
;;|     ╰────

(use-modules (fruix records))

(define-record-type* host (name string (defualt "x")))
