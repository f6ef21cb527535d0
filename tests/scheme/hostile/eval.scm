;; eval.
;; error:
;;|   × eval: not available, because a declaration must mean the same everywhere and always
;;|     ╭─[hostile/eval.scm:11:1]
;;|  10 │
;;|  11 │ (eval '(+ 1 2))
;;|     · ───────┬───────
;;|     ·        ╰── here
;;|     ╰────

(eval '(+ 1 2))
