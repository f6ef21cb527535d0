;; Another form that the interpreter lacks.
;; error:
;;| fruix::eval::unavailable-form
;;|   × `match` is not part of Fruix's Scheme
;;|     ╭─[syntax/match.scm:14:16]
;;|  13 │
;;|  14 │ (define (f x) (match x [(list a b) a]))
;;|     ·                ──┬──
;;|     ·                  ╰── not available
;;|  15 │ (f (list 1 2))
;;|     ╰────
;;|   help: use `cond` with predicates, accessors of records, or `receive` and `list-ref`

(define (f x) (match x [(list a b) a]))
(f (list 1 2))
