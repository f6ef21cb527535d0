;; A malformed let.
;; error:
;;| fruix::eval::malformed-form
;;|   × `let` expected a list of variable binding pairs
;;|     ╭─[syntax/bad-let.scm:13:1]
;;|  12 │
;;|  13 │ (let (x 5) x)
;;|     · ──────┬──────
;;|     ·       ╰── here
;;|     ╰────
;;|   help: write (let ([NAME VALUE] …) EXPRESSION …)

(let (x 5) x)
