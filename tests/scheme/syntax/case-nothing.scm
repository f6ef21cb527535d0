;; Case nothing.
;; error:
;;|   × `case` is not written like this: (case)
;;|     ╭─[syntax/case-nothing.scm:12:1]
;;|  11 │
;;|  12 │ (case)
;;|     · ───┬──
;;|     ·    ╰── here
;;|     ╰────
;;|   help: write (case VALUE [(DATUM …) EXPRESSION …] … [else EXPRESSION …])

(case)
