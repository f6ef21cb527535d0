;; A field's own check fails.
;; error:
;;| fruix::eval::invalid-field
;;|   × the field `name` of `host` is invalid
;;|     ╭─[records/check.scm:17:37]
;;|  16 │
;;|  17 │ (list (host (name "a")) (host (name "")))
;;|     ·                                     ─┬
;;|     ·                                      ╰── a host needs a name
;;|     ╰────

(use-modules (fruix records))

(define-record-type* host
  (name string (check (lambda (name) (and (equal? name "") "a host needs a name")))))

(list (host (name "a")) (host (name "")))
