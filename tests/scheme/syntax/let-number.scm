;; Let number.
;; error:
;;| fruix::eval::malformed-form
;;|   × `let` expected an identifier for the arguments: 1
;;|     ╭─[syntax/let-number.scm:13:1]
;;|  12 │
;;|  13 │ (let ((1 2)) 3)
;;|     · ───────┬───────
;;|     ·        ╰── here
;;|     ╰────
;;|   help: write (let ([NAME VALUE] …) EXPRESSION …)

(let ((1 2)) 3)
