;; prim-env.
;; error:
;;|   × env-var: not available, because a declaration must mean the same everywhere and always
;;|     ╭─[hostile/prim-env.scm:11:1]
;;|  10 │
;;|  11 │ (#%prim.env-var "HOME")
;;|     · ───────────┬───────────
;;|     ·            ╰── here
;;|     ╰────

(#%prim.env-var "HOME")
