;; A list that is never closed.
;; error:
;;|   × this list is never closed
;;|     ╭─[syntax/unclosed.scm:15:3]
;;|  14 │ (define (f a)
;;|  15 │   (list a
;;|     ·   ┬
;;|     ·   ╰── no matching `)`
;;|  16 │
;;|     ╰────
;;|   help: add the missing closing parenthesis

(define x 5)
(define (f a)
  (list a

(f x)
