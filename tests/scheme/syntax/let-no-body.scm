;; Let no body.
;; error:
;;| fruix::eval::malformed-form
;;|   × `let` expected an expression, found none
;;|     ╭─[syntax/let-no-body.scm:13:1]
;;|  12 │
;;|  13 │ (let ((x 1)))
;;|     · ──────┬──────
;;|     ·       ╰── here
;;|     ╰────
;;|   help: write (let ([NAME VALUE] …) EXPRESSION …)

(let ((x 1)))
