;; Quote two.
;; error:
;;| fruix::eval::malformed-form
;;|   × `quote` expected only one argument
;;|     ╭─[syntax/quote-two.scm:13:1]
;;|  12 │
;;|  13 │ (quote a b)
;;|     · ─────┬─────
;;|     ·      ╰── here
;;|     ╰────
;;|   help: write (quote DATUM), or 'DATUM

(quote a b)
