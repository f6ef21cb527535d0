;; A misspelt name.
;; error:
;;|   × `greting` is not defined
;;|     ╭─[syntax/free-identifier.scm:13:16]
;;|  12 │ (define greeting "hi")
;;|  13 │ (string-append greting "!")
;;|     ·                ───┬───
;;|     ·                   ╰── not known here
;;|     ╰────
;;|   help: did you mean `greeting`?

(define greeting "hi")
(string-append greting "!")
