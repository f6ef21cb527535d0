;; A zero below the line, in hexadecimal, where a text follows at once.
;; error:
;;| fruix::eval::unreadable-text
;;|   × unreadable text: division by zero is not allowed in rational literals
;;|     ╭─[syntax/zero-denominator-before-text.scm:12:7]
;;|  11 │
;;|  12 │ (list #xa0/0000"banana")
;;|     ·       ────┬────
;;|     ·           ╰── here
;;|     ╰────

(list #xa0/0000"banana")
