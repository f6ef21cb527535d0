;; prim-command.
;; error:
;;| fruix::eval::unavailable-form
;;|   × `#%prim.command` is a name of the interpreter's own
;;|     ╭─[hostile/prim-command.scm:13:2]
;;|  12 │
;;|  13 │ (#%prim.command "ls" '())
;;|     ·  ───────┬──────
;;|     ·         ╰── not available
;;|     ╰────
;;|   help: names that begin with `#%` are not for declarations

(#%prim.command "ls" '())
