;; Let nothing.
;; error:
;;| fruix::eval::malformed-form
;;|   × `let` expected a list of variable bindings pairs in the second position, found none
;;|     ╭─[syntax/let-nothing.scm:13:1]
;;|  12 │
;;|  13 │ (let)
;;|     · ──┬──
;;|     ·   ╰── here
;;|     ╰────
;;|   help: write (let ([NAME VALUE] …) EXPRESSION …)

(let)
