;; The path of a file is none of its business.
;; error:
;;| fruix::eval::failed
;;|   × current-module: not available, because a declaration must mean the same everywhere and always
;;|     ╭─[hostile/current-module.scm:12:1]
;;|  11 │
;;|  12 │ (current-module)
;;|     · ────────┬───────
;;|     ·         ╰── here
;;|     ╰────

(current-module)
