;; Another form that the interpreter lacks.
;; error:
;;|   × `match` is not part of Fruix's Scheme
;;|     ╭─[syntax/match.scm:13:16]
;;|  12 │
;;|  13 │ (define (f x) (match x [(list a b) a]))
;;|     ·                ──┬──
;;|     ·                  ╰── not available
;;|  14 │ (f (list 1 2))
;;|     ╰────
;;|   help: use `cond` with predicates, accessors of records, or `receive` and `list-ref`

(define (f x) (match x [(list a b) a]))
(f (list 1 2))
