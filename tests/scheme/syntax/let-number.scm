;; Let number.
;; error:
;;|   × `let` expected an identifier for the arguments: 1
;;|     ╭─[syntax/let-number.scm:12:1]
;;|  11 │
;;|  12 │ (let ((1 2)) 3)
;;|     · ───────┬───────
;;|     ·        ╰── here
;;|     ╰────
;;|   help: write (let ([NAME VALUE] …) EXPRESSION …)

(let ((1 2)) 3)
