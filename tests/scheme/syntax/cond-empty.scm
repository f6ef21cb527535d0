;; Cond empty.
;; error:
;;| fruix::eval::malformed-form
;;|   × `cond` is not written like this: (cond)
;;|     ╭─[syntax/cond-empty.scm:13:7]
;;|  12 │
;;|  13 │ (list (cond))
;;|     ·       ───┬──
;;|     ·          ╰── here
;;|     ╰────
;;|   help: write (cond [TEST EXPRESSION …] … [else EXPRESSION …])

(list (cond))
