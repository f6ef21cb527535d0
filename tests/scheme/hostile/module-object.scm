;; The interpreter's modules cannot be taken apart.
;; error:
;;|   × %module-get%: not available, because a declaration must mean the same everywhere and always
;;|     ╭─[hostile/module-object.scm:11:20]
;;|  10 │
;;|  11 │ (error (to-string ((%module-get% %-builtin-module-steel/base 'env-var) "HOME")))
;;|     ·                    ─────────────────────────┬─────────────────────────
;;|     ·                                             ╰── here
;;|     ╰────

(error (to-string ((%module-get% %-builtin-module-steel/base 'env-var) "HOME")))
