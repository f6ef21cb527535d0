;; Let no value.
;; error:
;;| fruix::eval::malformed-form
;;|   × `let` expected a list of variable binding pairs, found a pair with length 1
;;|     ╭─[syntax/let-no-value.scm:13:1]
;;|  12 │
;;|  13 │ (let ((x)) x)
;;|     · ──────┬──────
;;|     ·       ╰── here
;;|     ╰────
;;|   help: write (let ([NAME VALUE] …) EXPRESSION …)

(let ((x)) x)
