;; An error of a sanitizer is shown at the value, together with others.
;; error:
;;|   × the field `bytes` of `size` is invalid
;;|     ╭─[records/sanitize-fails.scm:30:20]
;;|  29 │
;;|  30 │ (list (size (bytes "10k")) (size (bytes "20")) (size (bytes 1) (nam "x")))
;;|     ·                    ──┬──
;;|     ·                      ╰── this is no number of bytes: 10k
;;|     ╰────
;;| Error:
;;|   × `size` has no field `nam`
;;|     ╭─[records/sanitize-fails.scm:30:65]
;;|  29 │
;;|  30 │ (list (size (bytes "10k")) (size (bytes "20")) (size (bytes 1) (nam "x")))
;;|     ·                                                                 ─┬─
;;|     ·                                                                  ╰── unknown field
;;|     ╰────
;;|   help: did you mean `name`?

(use-modules (fruix records))

(define-record-type* size
  (bytes integer
         (sanitize (lambda (value)
                     (if (string? value)
                         (or (string->number value) (error "this is no number of bytes:" value))
                         value))))
  (name string (default "")))

(list (size (bytes "10k")) (size (bytes "20")) (size (bytes 1) (nam "x")))
