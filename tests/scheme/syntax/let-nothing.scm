;; Let nothing.
;; error:
;;|   × `let` expected a list of variable bindings pairs in the second position, found none
;;|     ╭─[syntax/let-nothing.scm:12:1]
;;|  11 │
;;|  12 │ (let)
;;|     · ──┬──
;;|     ·   ╰── here
;;|     ╰────
;;|   help: write (let ([NAME VALUE] …) EXPRESSION …)

(let)
