;; Too few arguments.
;; error:
;;| fruix::eval::wrong-arguments
;;|   × `f` expected 2 arguments, found 1
;;|     ╭─[syntax/arity-few.scm:13:1]
;;|  12 │ (define (f a b) (list a b))
;;|  13 │ (f 1)
;;|     · ──┬──
;;|     ·   ╰── in this call
;;|     ╰────

(define (f a b) (list a b))
(f 1)
