;; prim-env.
;; error:
;;|   × env-var: not available, because a declaration must mean the same everywhere and always
;;|     ╭─[hostile/prim-env.scm:12:1]
;;|  11 │
;;|  12 │ (#%prim.env-var "HOME")
;;|     · ───────────┬───────────
;;|     ·            ╰── here
;;|     ╰────
;;|   help: --impure lifts this, and then the result says so

(#%prim.env-var "HOME")
