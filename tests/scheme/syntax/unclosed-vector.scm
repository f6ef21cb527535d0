;; Unclosed vector.
;; error:
;;|   × this list is never closed
;;|     ╭─[syntax/unclosed-vector.scm:14:1]
;;|  13 │ (define x 1)
;;|  14 │ #(1 2
;;|     · ┬
;;|     · ╰── no matching `)`
;;|  15 │ x
;;|     ╰────
;;|   help: add the missing closing parenthesis

(define x 1)
#(1 2
x
