;; An escape that is none.
;; error:
;;|   × unknown escape `\q` in a string
;;|     ╭─[syntax/bad-escape.scm:13:13]
;;|  12 │
;;|  13 │ (define x "a\qb")
;;|     ·             ┬
;;|     ·             ╰── not an escape Scheme knows
;;|  14 │ x
;;|     ╰────
;;|   help: known are \n \t \r \\ \" and \xHH;

(define x "a\qb")
x
