;; A quote without anything after it.
;; error:
;;| fruix::eval::unclosed
;;|   × nothing follows this quote
;;|     ╭─[syntax/lonely-quote.scm:12:9]
;;|  11 │
;;|  12 │ (list 1 ')
;;|     ·         ┬
;;|     ·         ╰── expected an expression after it
;;|     ╰────

(list 1 ')
