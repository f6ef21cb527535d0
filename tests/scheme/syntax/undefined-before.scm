;; A name used before its definition.
;; error:
;;| fruix::eval::early-use
;;|   × `f` is used before its definition
;;|     ╭─[syntax/undefined-before.scm:14:18]
;;|  13 │
;;|  14 │ (define a (list (f 1)))
;;|     ·                  ┬
;;|     ·                  ╰── not known here
;;|  15 │ (define (f x) (list x))
;;|     ╰────
;;|   help: move the definition up, or the use down

(define a (list (f 1)))
(define (f x) (list x))
a
