;; A quote without anything after it.
;; error:
;;|   × nothing follows this quote
;;|     ╭─[syntax/lonely-quote.scm:11:9]
;;|  10 │
;;|  11 │ (list 1 ')
;;|     ·         ┬
;;|     ·         ╰── expected an expression after it
;;|     ╰────

(list 1 ')
