;; Case nothing.
;; error:
;;| fruix::eval::malformed-form
;;|   × `case` is not written like this: (case)
;;|     ╭─[syntax/case-nothing.scm:13:1]
;;|  12 │
;;|  13 │ (case)
;;|     · ───┬──
;;|     ·    ╰── here
;;|     ╰────
;;|   help: write (case VALUE [(DATUM …) EXPRESSION …] … [else EXPRESSION …])

(case)
