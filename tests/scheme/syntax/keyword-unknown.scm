;; An unknown keyword argument.
;; error:
;;| fruix::eval::failed
;;|   × `f` does not know #:b
;;|     ╭─[syntax/keyword-unknown.scm:14:1]
;;|  13 │ (define (f #:a [a 1]) a)
;;|  14 │ (list (f #:b 2))
;;|     · ────────┬───────
;;|     ·         ╰── here
;;|     ╰────
;;|   help: it takes #:a

(define (f #:a [a 1]) a)
(list (f #:b 2))
