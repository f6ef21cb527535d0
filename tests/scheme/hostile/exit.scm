;; exit.
;; error:
;;|   × `exit` is not defined
;;|     ╭─[hostile/exit.scm:12:2]
;;|  11 │
;;|  12 │ (exit 0)
;;|     ·  ──┬─
;;|     ·    ╰── not known here
;;|     ╰────
;;|   help: did you mean `expt`?

(exit 0)
