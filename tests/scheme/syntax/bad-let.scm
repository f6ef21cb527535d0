;; A malformed let.
;; error:
;;|   × `let` expected a list of variable binding pairs
;;|     ╭─[syntax/bad-let.scm:12:1]
;;|  11 │
;;|  12 │ (let (x 5) x)
;;|     · ──────┬──────
;;|     ·       ╰── here
;;|     ╰────
;;|   help: write (let ([NAME VALUE] …) EXPRESSION …)

(let (x 5) x)
