;; A field that is defined twice.
;; error:
;;|   × the field `name` is defined twice
;;|     ╭─[records/definition-twice.scm:14:41]
;;|  13 │
;;|  14 │ (define-record-type* host (name string) (name symbol))
;;|     ·                           ──────┬────── ──────┬──────
;;|     ·                                 │             ╰── again here
;;|     ·                                 ╰── first defined here
;;|     ╰────

(use-modules (fruix records))

(define-record-type* host (name string) (name symbol))
