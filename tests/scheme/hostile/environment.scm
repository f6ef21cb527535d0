;; environment.
;; error:
;;|   × env-var: not available, because a declaration must mean the same everywhere and always
;;|     ╭─[hostile/environment.scm:11:1]
;;|  10 │
;;|  11 │ (env-var "HOME")
;;|     · ────────┬───────
;;|     ·         ╰── here
;;|     ╰────

(env-var "HOME")
