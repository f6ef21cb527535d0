;; A field without a type.
;; error:
;;|   × this field has no type
;;|     ╭─[records/definition-without-type.scm:14:27]
;;|  13 │
;;|  14 │ (define-record-type* host (name))
;;|     ·                           ───┬──
;;|     ·                              ╰── expected (field type option …)
;;|     ╰────
;;|   help: write (define-record-type* name (field type option …) …)

(use-modules (fruix records))

(define-record-type* host (name))
