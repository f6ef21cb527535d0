;; Keyword to plain.
;; error:
;;|   × `f` expected 1 argument, found 2
;;|     ╭─[syntax/keyword-to-plain.scm:12:1]
;;|  11 │ (define (f a) a)
;;|  12 │ (f #:b 5)
;;|     · ────┬────
;;|     ·     ╰── in this call
;;|     ╰────

(define (f a) a)
(f #:b 5)
