;; An option with a value that it does not take.
;; error:
;;| fruix::eval::malformed-type
;;|   × malformed option of the field `url`
;;|     ╭─[records/definition-malformed-option.scm:15:15]
;;|  14 │ (define-record-type* site
;;|  15 │   (url string (thunked #t)))
;;|     ·               ──────┬─────
;;|     ·                     ╰── expected (default VALUE), (thunked), (delayed), (innate), (sanitize PROCEDURE), (check PROCEDURE) or (doc TEXT)
;;|     ╰────

(use-modules (fruix records))

(define-record-type* site
  (url string (thunked #t)))
