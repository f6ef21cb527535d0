;; process.
;; error:
;;|   × command: not available, because a declaration must mean the same everywhere and always
;;|     ╭─[hostile/process.scm:11:1]
;;|  10 │
;;|  11 │ (command "ls" '())
;;|     · ─────────┬────────
;;|     ·          ╰── here
;;|     ╰────

(command "ls" '())
