;; Too many arguments.
;; error:
;;| fruix::eval::wrong-arguments
;;|   × `f` expected 0 arguments, found 1
;;|     ╭─[syntax/arity-many.scm:13:11]
;;|  12 │ (define (f) 1)
;;|  13 │ (list (f) (f 2))
;;|     ·           ──┬──
;;|     ·             ╰── in this call
;;|     ╰────

(define (f) 1)
(list (f) (f 2))
