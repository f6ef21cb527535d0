;; The interpreter's modules cannot be taken apart.
;; error:
;;| fruix::eval::failed
;;|   × %module-get%: not available, because a declaration must mean the same everywhere and always
;;|     ╭─[hostile/module-object.scm:12:20]
;;|  11 │
;;|  12 │ (error (to-string ((%module-get% %-builtin-module-steel/base 'env-var) "HOME")))
;;|     ·                    ─────────────────────────┬─────────────────────────
;;|     ·                                             ╰── here
;;|     ╰────

(error (to-string ((%module-get% %-builtin-module-steel/base 'env-var) "HOME")))
