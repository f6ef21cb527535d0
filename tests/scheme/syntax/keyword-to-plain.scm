;; Keyword to plain.
;; error:
;;| fruix::eval::wrong-arguments
;;|   × `f` expected 1 argument, found 2
;;|     ╭─[syntax/keyword-to-plain.scm:13:1]
;;|  12 │ (define (f a) a)
;;|  13 │ (f #:b 5)
;;|     · ────┬────
;;|     ·     ╰── in this call
;;|     ╰────

(define (f a) a)
(f #:b 5)
