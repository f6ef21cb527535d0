;; A definition without a name.
;; error:
;;|   × `define-record-type*` without a name
;;|     ╭─[records/definition-without-name.scm:14:1]
;;|  13 │
;;|  14 │ (define-record-type* (name string))
;;|     · ─────────────────┬─────────────────
;;|     ·                  ╰── expected a name
;;|     ╰────
;;|   help: write (define-record-type* name (field type option …) …)

(use-modules (fruix records))

(define-record-type* (name string))
