;; Typographic quotes.
;; error:
;;|   × `“tower”` is not defined
;;|     ╭─[syntax/typographic-quotes.scm:12:11]
;;|  11 │
;;|  12 │ (define x “tower”)
;;|     ·           ───┬───
;;|     ·              ╰── not known here
;;|     ╰────
;;|   help: strings stand between straight quotes: "…"

(define x “tower”)
