;; A zero below the line, where a quotation follows at once.
;; error:
;;| fruix::eval::unreadable-text
;;|   × unreadable text: division by zero is not allowed in rational literals
;;|     ╭─[syntax/zero-denominator-before-quotation.scm:12:7]
;;|  11 │
;;|  12 │ (list 4/0,5)
;;|     ·       ─┬─
;;|     ·        ╰── here
;;|     ╰────

(list 4/0,5)
