;; module-get.
;; error:
;;|   × %module-get%: not available, because a declaration must mean the same everywhere and always
;;|     ╭─[hostile/module-get.scm:11:1]
;;|  10 │
;;|  11 │ (%module-get% 'a 'b)
;;|     · ──────────┬─────────
;;|     ·           ╰── here
;;|     ╰────

(%module-get% 'a 'b)
