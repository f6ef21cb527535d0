;; A comment that is never closed.
;; error:
;;|   × this comment is never closed
;;|     ╭─[syntax/unclosed-comment.scm:14:1]
;;|  13 │ (define x 1)
;;|  14 │ #| never
;;|     · ┬
;;|     · ╰── opened here
;;|  15 │ x
;;|     ╰────
;;|   help: end a `#|` comment with `|#`

(define x 1)
#| never
x
