;; prim-env.
;; error:
;;| fruix::eval::unavailable-form
;;|   × `#%prim.env-var` is a name of the interpreter's own
;;|     ╭─[hostile/prim-env.scm:13:2]
;;|  12 │
;;|  13 │ (#%prim.env-var "HOME")
;;|     ·  ───────┬──────
;;|     ·         ╰── not available
;;|     ╰────
;;|   help: names that begin with `#%` are not for declarations

(#%prim.env-var "HOME")
