;; Let no body.
;; error:
;;|   × `let` expected an expression, found none
;;|     ╭─[syntax/let-no-body.scm:12:1]
;;|  11 │
;;|  12 │ (let ((x 1)))
;;|     · ──────┬──────
;;|     ·       ╰── here
;;|     ╰────
;;|   help: write (let ([NAME VALUE] …) EXPRESSION …)

(let ((x 1)))
