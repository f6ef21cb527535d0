;; An escape that is none.
;; error:
;;| fruix::eval::unreadable-text
;;|   × unknown escape `\q` in a string
;;|     ╭─[syntax/bad-escape.scm:14:13]
;;|  13 │
;;|  14 │ (define x "a\qb")
;;|     ·             ┬
;;|     ·             ╰── not an escape Scheme knows
;;|  15 │ x
;;|     ╰────
;;|   help: known are \n \t \r \\ \" and \xHH;

(define x "a\qb")
x
