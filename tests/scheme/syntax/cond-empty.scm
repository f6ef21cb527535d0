;; Cond empty.
;; error:
;;|   × `cond` is not written like this: (cond)
;;|     ╭─[syntax/cond-empty.scm:12:7]
;;|  11 │
;;|  12 │ (list (cond))
;;|     ·       ───┬──
;;|     ·          ╰── here
;;|     ╰────
;;|   help: write (cond [TEST EXPRESSION …] … [else EXPRESSION …])

(list (cond))
