;; Too few arguments.
;; error:
;;|   × `f` expected 2 arguments, found 1
;;|     ╭─[syntax/arity-few.scm:12:1]
;;|  11 │ (define (f a b) (list a b))
;;|  12 │ (f 1)
;;|     · ──┬──
;;|     ·   ╰── in this call
;;|     ╰────

(define (f a b) (list a b))
(f 1)
