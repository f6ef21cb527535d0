;; Two parameters of one name.
;; error:
;;|   × `a` is bound twice
;;|     ╭─[syntax/parameter-twice.scm:14:21]
;;|  13 │
;;|  14 │ (define (f a #:key [a 1]) a)
;;|     ·            ┬        ┬
;;|     ·            │        ╰── again here
;;|     ·            ╰── first here
;;|  15 │ (f 1)
;;|     ╰────
;;|   help: give one of them another name

(define (f a #:key [a 1]) a)
(f 1)
