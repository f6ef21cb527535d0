;; The first element of nothing.
;; error:
;;|   × `car`: the list is empty
;;|     ╭─[syntax/car-of-empty.scm:12:23]
;;|  11 │
;;|  12 │ (define (first items) (car items))
;;|     ·                       ─────┬─────
;;|     ·                            ╰── here
;;|  13 │ (list (first '()))
;;|     ╰────

(define (first items) (car items))
(list (first '()))
