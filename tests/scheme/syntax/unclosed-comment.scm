;; A comment that is never closed.
;; error:
;;| fruix::eval::unclosed
;;|   × this comment is never closed
;;|     ╭─[syntax/unclosed-comment.scm:15:1]
;;|  14 │ (define x 1)
;;|  15 │ #| never
;;|     · ┬
;;|     · ╰── opened here
;;|  16 │ x
;;|     ╰────
;;|   help: end a `#|` comment with `|#`

(define x 1)
#| never
x
