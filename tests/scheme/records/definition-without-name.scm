;; A definition without a name.
;; error:
;;| fruix::eval::malformed-type
;;|   × `define-record-type*` without a name
;;|     ╭─[records/definition-without-name.scm:15:1]
;;|  14 │
;;|  15 │ (define-record-type* (name string))
;;|     · ─────────────────┬─────────────────
;;|     ·                  ╰── expected a name
;;|     ╰────
;;|   help: write (define-record-type* name (field type option …) …)

(use-modules (fruix records))

(define-record-type* (name string))
