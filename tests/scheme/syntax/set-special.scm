;; Set special.
;; error:
;;| fruix::eval::malformed-form
;;|   × `set!` expected an identifier
;;|     ╭─[syntax/set-special.scm:13:1]
;;|  12 │
;;|  13 │ (set! if 5)
;;|     · ─────┬─────
;;|     ·      ╰── here
;;|     ╰────
;;|   help: write (set! NAME VALUE)

(set! if 5)
