;; prim-command.
;; error:
;;|   × command: not available, because a declaration must mean the same everywhere and always
;;|     ╭─[hostile/prim-command.scm:11:1]
;;|  10 │
;;|  11 │ (#%prim.command "ls" '())
;;|     · ────────────┬────────────
;;|     ·             ╰── here
;;|     ╰────

(#%prim.command "ls" '())
