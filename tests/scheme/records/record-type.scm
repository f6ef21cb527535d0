;; A record of another type.
;; error:
;;| fruix::eval::field-type
;;|   × the field `disk` of `host` cannot be a `host` record
;;|     ╭─[records/record-type.scm:17:14]
;;|  16 │
;;|  17 │ (host (disk (host (disk (disk (size 1))) (name "a"))) (name "b"))
;;|     ·              ──────────────────┬──────────────────
;;|     ·                                ╰── expected a `disk` record
;;|     ╰────

(use-modules (fruix records))

(define-record-type* disk (size integer))
(define-record-type* host (disk disk) (name string))

(host (disk (host (disk (disk (size 1))) (name "a"))) (name "b"))
