;; prim-command.
;; error:
;;| fruix::eval::failed
;;|   × command: not available, because a declaration must mean the same everywhere and always
;;|     ╭─[hostile/prim-command.scm:12:1]
;;|  11 │
;;|  12 │ (#%prim.command "ls" '())
;;|     · ────────────┬────────────
;;|     ·             ╰── here
;;|     ╰────

(#%prim.command "ls" '())
