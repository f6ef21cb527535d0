;; Quote two.
;; error:
;;|   × `quote` expected only one argument
;;|     ╭─[syntax/quote-two.scm:12:1]
;;|  11 │
;;|  12 │ (quote a b)
;;|     · ─────┬─────
;;|     ·      ╰── here
;;|     ╰────
;;|   help: write (quote DATUM), or 'DATUM

(quote a b)
