;; prim-env.
;; error:
;;| fruix::eval::failed
;;|   × env-var: not available, because a declaration must mean the same everywhere and always
;;|     ╭─[hostile/prim-env.scm:13:1]
;;|  12 │
;;|  13 │ (#%prim.env-var "HOME")
;;|     · ───────────┬───────────
;;|     ·            ╰── here
;;|     ╰────
;;|   help: --impure lifts this, and then the result says so

(#%prim.env-var "HOME")
