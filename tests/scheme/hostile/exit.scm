;; exit.
;; error:
;;|   × `exit` is not defined
;;|     ╭─[hostile/exit.scm:12:2]
;;|  11 │
;;|  12 │ (exit 0)
;;|     ·  ──┬─
;;|     ·    ╰── not known here
;;|     ╰────
;;|   help: a declaration ends with its last expression; `error` ends it with a message

(exit 0)
