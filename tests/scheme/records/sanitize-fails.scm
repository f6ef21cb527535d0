;; An error of a sanitizer is shown at the value, together with others.
;; error:
;;| fruix::eval::invalid-field
;;|   × the field `bytes` of `size` is invalid
;;|     ╭─[records/sanitize-fails.scm:31:20]
;;|  30 │
;;|  31 │ (list (size (bytes "10k")) (size (bytes "20")) (size (bytes 1) (nam "x")))
;;|     ·                    ──┬──
;;|     ·                      ╰── this is no number of bytes: 10k
;;|     ╰────
;;| Error: fruix::eval::unknown-field
;;|   × `size` has no field `nam`
;;|     ╭─[records/sanitize-fails.scm:31:65]
;;|  30 │
;;|  31 │ (list (size (bytes "10k")) (size (bytes "20")) (size (bytes 1) (nam "x")))
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
