;; The path of a file is none of its business.
;; error:
;;|   × current-module: not available, because a declaration must mean the same everywhere and always
;;|     ╭─[hostile/current-module.scm:11:1]
;;|  10 │
;;|  11 │ (current-module)
;;|     · ────────┬───────
;;|     ·         ╰── here
;;|     ╰────

(current-module)
