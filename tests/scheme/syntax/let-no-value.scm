;; Let no value.
;; error:
;;|   × `let` expected a list of variable binding pairs, found a pair with length 1
;;|     ╭─[syntax/let-no-value.scm:12:1]
;;|  11 │
;;|  12 │ (let ((x)) x)
;;|     · ──────┬──────
;;|     ·       ╰── here
;;|     ╰────
;;|   help: write (let ([NAME VALUE] …) EXPRESSION …)

(let ((x)) x)
