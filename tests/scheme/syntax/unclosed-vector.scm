;; Unclosed vector.
;; error:
;;| fruix::eval::unclosed
;;|   × this list is never closed
;;|     ╭─[syntax/unclosed-vector.scm:15:1]
;;|  14 │ (define x 1)
;;|  15 │ #(1 2
;;|     · ┬
;;|     · ╰── no matching `)`
;;|  16 │ x
;;|     ╰────
;;|   help: add the missing closing parenthesis

(define x 1)
#(1 2
x
