;; A name used before its definition.
;; error:
;;|   × `f` is used before its definition
;;|     ╭─[syntax/undefined-before.scm:13:18]
;;|  12 │
;;|  13 │ (define a (list (f 1)))
;;|     ·                  ┬
;;|     ·                  ╰── not known here
;;|  14 │ (define (f x) (list x))
;;|     ╰────
;;|   help: move the definition up, or the use down

(define a (list (f 1)))
(define (f x) (list x))
a
