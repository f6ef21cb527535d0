;; process.
;; error:
;;| fruix::eval::failed
;;|   × command: not available, because a declaration must mean the same everywhere and always
;;|     ╭─[hostile/process.scm:12:1]
;;|  11 │
;;|  12 │ (command "ls" '())
;;|     · ─────────┬────────
;;|     ·          ╰── here
;;|     ╰────

(command "ls" '())
