;; An option with a value that it does not take.
;; error:
;;|   × malformed option of the field `url`
;;|     ╭─[records/definition-malformed-option.scm:14:15]
;;|  13 │ (define-record-type* site
;;|  14 │   (url string (thunked #t)))
;;|     ·               ──────┬─────
;;|     ·                     ╰── expected (default VALUE), (thunked), (delayed), (innate), (sanitize PROCEDURE), (check PROCEDURE) or (doc TEXT)
;;|     ╰────

(use-modules (fruix records))

(define-record-type* site
  (url string (thunked #t)))
