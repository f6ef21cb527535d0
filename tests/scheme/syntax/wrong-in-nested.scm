;; Wrong in nested.
;; error:
;;| fruix::eval::failed
;;|   × `car`: the list is empty
;;|     ╭─[syntax/wrong-in-nested.scm:13:20]
;;|  12 │
;;|  13 │ (define (inner xs) (car xs))
;;|     ·                    ────┬───
;;|     ·                        ╰── here
;;|  14 │ (define (outer xs) (list (inner xs)))
;;|     ╰────

(define (inner xs) (car xs))
(define (outer xs) (list (inner xs)))
(outer '())
