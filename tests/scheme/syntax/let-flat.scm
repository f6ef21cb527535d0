;; Let flat.
;; error:
;;| fruix::eval::malformed-form
;;|   × `let` expected a list of variable binding pairs
;;|     ╭─[syntax/let-flat.scm:13:1]
;;|  12 │
;;|  13 │ (let (x 1) x)
;;|     · ──────┬──────
;;|     ·       ╰── here
;;|     ╰────
;;|   help: write (let ([NAME VALUE] …) EXPRESSION …)

(let (x 1) x)
