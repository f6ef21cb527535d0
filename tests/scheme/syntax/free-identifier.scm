;; A misspelt name.
;; error:
;;| fruix::eval::unbound-name
;;|   × `greting` is not defined
;;|     ╭─[syntax/free-identifier.scm:14:16]
;;|  13 │ (define greeting "hi")
;;|  14 │ (string-append greting "!")
;;|     ·                ───┬───
;;|     ·                   ╰── not known here
;;|     ╰────
;;|   help: did you mean `greeting`?

(define greeting "hi")
(string-append greting "!")
