;; A field's own check fails.
;; error:
;;|   × the field `name` of `host` is invalid
;;|     ╭─[records/check.scm:16:37]
;;|  15 │
;;|  16 │ (list (host (name "a")) (host (name "")))
;;|     ·                                     ─┬
;;|     ·                                      ╰── a host needs a name
;;|     ╰────

(use-modules (fruix records))

(define-record-type* host
  (name string (check (lambda (name) (and (equal? name "") "a host needs a name")))))

(list (host (name "a")) (host (name "")))
