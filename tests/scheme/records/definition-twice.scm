;; A field that is defined twice.
;; error:
;;| fruix::eval::bound-twice
;;|   × the field `name` is defined twice
;;|     ╭─[records/definition-twice.scm:15:41]
;;|  14 │
;;|  15 │ (define-record-type* host (name string) (name symbol))
;;|     ·                           ──────┬────── ──────┬──────
;;|     ·                                 │             ╰── again here
;;|     ·                                 ╰── first defined here
;;|     ╰────

(use-modules (fruix records))

(define-record-type* host (name string) (name symbol))
