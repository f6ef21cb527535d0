;; A thunked value is sanitized and checked like any other.
;; error:
;;| fruix::eval::invalid-field
;;|   × the field `bytes` of `size` is invalid
;;|     ╭─[records/thunked-check.scm:23:54]
;;|  22 │ (define small (size (name "10") (bytes (size-name this-record))))
;;|  23 │ (define odd (size (inherit small) (name "-1") (bytes (- (size-bytes small) 11))))
;;|     ·                                                      ────────────┬────────────
;;|     ·                                                                  ╰── a size is not negative
;;|  24 │ (list (size-bytes small) (size-bytes odd))
;;|     ╰────

(use-modules (fruix records))

(define-record-type* size
  (name string)
  (bytes integer
         (thunked)
         (sanitize (lambda (value) (if (string? value) (string->number value) value)))
         (check (lambda (value) (and (< value 0) "a size is not negative")))))

(define small (size (name "10") (bytes (size-name this-record))))
(define odd (size (inherit small) (name "-1") (bytes (- (size-bytes small) 11))))
(list (size-bytes small) (size-bytes odd))
