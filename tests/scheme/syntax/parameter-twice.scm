;; Two parameters of one name.
;; error:
;;| fruix::eval::bound-twice
;;|   × `a` is bound twice
;;|     ╭─[syntax/parameter-twice.scm:15:21]
;;|  14 │
;;|  15 │ (define (f a #:key [a 1]) a)
;;|     ·            ┬        ┬
;;|     ·            │        ╰── again here
;;|     ·            ╰── first here
;;|  16 │ (f 1)
;;|     ╰────
;;|   help: give one of them another name

(define (f a #:key [a 1]) a)
(f 1)
