;; exit.
;; error:
;;| fruix::eval::unbound-name
;;|   × `exit` is not defined
;;|     ╭─[hostile/exit.scm:13:2]
;;|  12 │
;;|  13 │ (exit 0)
;;|     ·  ──┬─
;;|     ·    ╰── not known here
;;|     ╰────
;;|   help: a declaration ends with its last expression; `error` ends it with a message

(exit 0)
