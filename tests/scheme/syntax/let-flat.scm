;; Let flat.
;; error:
;;|   × `let` expected a list of variable binding pairs
;;|     ╭─[syntax/let-flat.scm:12:1]
;;|  11 │
;;|  12 │ (let (x 1) x)
;;|     · ──────┬──────
;;|     ·       ╰── here
;;|     ╰────
;;|   help: write (let ([NAME VALUE] …) EXPRESSION …)

(let (x 1) x)
