;; environment.
;; error:
;;| fruix::eval::failed
;;|   × env-var: not available, because a declaration must mean the same everywhere and always
;;|     ╭─[hostile/environment.scm:13:1]
;;|  12 │
;;|  13 │ (env-var "HOME")
;;|     · ────────┬───────
;;|     ·         ╰── here
;;|     ╰────
;;|   help: --impure lifts this, and then the result says so

(env-var "HOME")
