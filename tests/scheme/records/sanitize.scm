;; A sanitizer changes what was given, not what was inherited.
;; value: ((size (bytes 10240)) (size (bytes 10240)) (size (bytes 3)))

(use-modules (fruix records))

(define-record-type* size
  (bytes integer (sanitize (lambda (value) (if (string? value) (* 1024 (string->number value)) value)))))

(define ten (size (bytes "10")))
(list ten (size (inherit ten)) (size (bytes 3)))
