;; module-get.
;; error:
;;|   × `%module-get%` cannot take a
;;|     ╭─[hostile/module-get.scm:11:1]
;;|  10 │
;;|  11 │ (%module-get% 'a 'b)
;;|     · ──────────┬─────────
;;|     ·           ╰── here
;;|     ╰────

(%module-get% 'a 'b)
