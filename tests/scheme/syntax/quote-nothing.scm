;; Quote nothing.
;; error:
;;|   × `quote` expected one argument, found none
;;|     ╭─[syntax/quote-nothing.scm:12:1]
;;|  11 │
;;|  12 │ (quote)
;;|     · ───┬───
;;|     ·    ╰── here
;;|     ╰────
;;|   help: write (quote DATUM), or 'DATUM

(quote)
