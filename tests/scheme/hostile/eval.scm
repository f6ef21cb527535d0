;; eval.
;; error:
;;| fruix::eval::failed
;;|   × eval: not available, because a declaration must mean the same everywhere and always
;;|     ╭─[hostile/eval.scm:12:1]
;;|  11 │
;;|  12 │ (eval '(+ 1 2))
;;|     · ───────┬───────
;;|     ·        ╰── here
;;|     ╰────

(eval '(+ 1 2))
