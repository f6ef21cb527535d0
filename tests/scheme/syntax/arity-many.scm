;; Too many arguments.
;; error:
;;|   × `f` expected 0 arguments, found 1
;;|     ╭─[syntax/arity-many.scm:12:11]
;;|  11 │ (define (f) 1)
;;|  12 │ (list (f) (f 2))
;;|     ·           ──┬──
;;|     ·             ╰── in this call
;;|     ╰────

(define (f) 1)
(list (f) (f 2))
