;; A list that is never closed.
;; error:
;;| fruix::eval::unclosed
;;|   × this list is never closed
;;|     ╭─[syntax/unclosed.scm:16:3]
;;|  15 │ (define (f a)
;;|  16 │   (list a
;;|     ·   ┬
;;|     ·   ╰── no matching `)`
;;|  17 │
;;|     ╰────
;;|   help: add the missing closing parenthesis

(define x 5)
(define (f a)
  (list a

(f x)
