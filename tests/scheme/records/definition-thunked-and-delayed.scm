;; A field is evaluated at each access, or once.
;; error:
;;| fruix::eval::malformed-type
;;|   × second `thunked` or `delayed` of the field `url`
;;|     ╭─[records/definition-thunked-and-delayed.scm:16:25]
;;|  15 │ (define-record-type* site
;;|  16 │   (url string (thunked) (delayed)))
;;|     ·                         ────┬────
;;|     ·                             ╰── expected (default VALUE), (thunked), (delayed), (innate), (sanitize PROCEDURE), (check PROCEDURE) or (doc TEXT)
;;|     ╰────
;;|   help: a field is either, or none

(use-modules (fruix records))

(define-record-type* site
  (url string (thunked) (delayed)))
