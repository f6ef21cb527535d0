;; Wrong in nested.
;; error:
;;|   × `car`: the list is empty
;;|     ╭─[syntax/wrong-in-nested.scm:12:20]
;;|  11 │
;;|  12 │ (define (inner xs) (car xs))
;;|     ·                    ────┬───
;;|     ·                        ╰── here
;;|  13 │ (define (outer xs) (list (inner xs)))
;;|     ╰────

(define (inner xs) (car xs))
(define (outer xs) (list (inner xs)))
(outer '())
