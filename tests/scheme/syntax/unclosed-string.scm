;; A string that is never closed.
;; error:
;;| fruix::eval::unclosed
;;|   × this string is never closed
;;|     ╭─[syntax/unclosed-string.scm:14:11]
;;|  13 │
;;|  14 │ (define x "abc)
;;|     ·           ┬
;;|     ·           ╰── opened here
;;|  15 │ x
;;|     ╰────
;;|   help: add the missing `"`; write a quote inside a string as `\"`

(define x "abc)
x
