;; Typographic quotes.
;; error:
;;| fruix::eval::unbound-name
;;|   × `“tower”` is not defined
;;|     ╭─[syntax/typographic-quotes.scm:13:11]
;;|  12 │
;;|  13 │ (define x “tower”)
;;|     ·           ───┬───
;;|     ·              ╰── not known here
;;|     ╰────
;;|   help: strings stand between straight quotes: "…"

(define x “tower”)
