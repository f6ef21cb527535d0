;; The first element of nothing.
;; error:
;;| fruix::eval::failed
;;|   × `car`: the list is empty
;;|     ╭─[syntax/car-of-empty.scm:13:23]
;;|  12 │
;;|  13 │ (define (first items) (car items))
;;|     ·                       ─────┬─────
;;|     ·                            ╰── here
;;|  14 │ (list (first '()))
;;|     ╰────

(define (first items) (car items))
(list (first '()))
