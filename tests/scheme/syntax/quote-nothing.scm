;; Quote nothing.
;; error:
;;| fruix::eval::malformed-form
;;|   × `quote` expected one argument, found none
;;|     ╭─[syntax/quote-nothing.scm:13:1]
;;|  12 │
;;|  13 │ (quote)
;;|     · ───┬───
;;|     ·    ╰── here
;;|     ╰────
;;|   help: write (quote DATUM), or 'DATUM

(quote)
