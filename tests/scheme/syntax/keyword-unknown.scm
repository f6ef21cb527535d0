;; An unknown keyword argument.
;; error:
;;|   × `f` does not know #:b
;;|     ╭─[syntax/keyword-unknown.scm:13:1]
;;|  12 │ (define (f #:a [a 1]) a)
;;|  13 │ (list (f #:b 2))
;;|     · ────────┬───────
;;|     ·         ╰── here
;;|     ╰────
;;|   help: it takes #:a

(define (f #:a [a 1]) a)
(list (f #:b 2))
