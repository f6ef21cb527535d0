;; A string that is never closed.
;; error:
;;|   × this string is never closed
;;|     ╭─[syntax/unclosed-string.scm:13:11]
;;|  12 │
;;|  13 │ (define x "abc)
;;|     ·           ┬
;;|     ·           ╰── opened here
;;|  14 │ x
;;|     ╰────
;;|   help: add the missing `"`; write a quote inside a string as `\"`

(define x "abc)
x
