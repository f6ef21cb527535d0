;; environment.
;; error:
;;|   × env-var: not available, because a declaration must mean the same everywhere and always
;;|     ╭─[hostile/environment.scm:12:1]
;;|  11 │
;;|  12 │ (env-var "HOME")
;;|     · ────────┬───────
;;|     ·         ╰── here
;;|     ╰────
;;|   help: --impure lifts this, and then the result says so

(env-var "HOME")
