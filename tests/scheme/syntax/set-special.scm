;; Set special.
;; error:
;;|   × `set!` expected an identifier
;;|     ╭─[syntax/set-special.scm:12:1]
;;|  11 │
;;|  12 │ (set! if 5)
;;|     · ─────┬─────
;;|     ·      ╰── here
;;|     ╰────
;;|   help: write (set! NAME VALUE)

(set! if 5)
