;; A field without a type.
;; error:
;;| fruix::eval::malformed-type
;;|   × this field has no type
;;|     ╭─[records/definition-without-type.scm:15:27]
;;|  14 │
;;|  15 │ (define-record-type* host (name))
;;|     ·                           ───┬──
;;|     ·                              ╰── expected (field type option …)
;;|     ╰────
;;|   help: write (define-record-type* name (field type option …) …)

(use-modules (fruix records))

(define-record-type* host (name))
