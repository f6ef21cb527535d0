;; module-get.
;; error:
;;| fruix::eval::failed
;;|   × %module-get%: not available, because a declaration must mean the same everywhere and always
;;|     ╭─[hostile/module-get.scm:12:1]
;;|  11 │
;;|  12 │ (%module-get% 'a 'b)
;;|     · ──────────┬─────────
;;|     ·           ╰── here
;;|     ╰────

(%module-get% 'a 'b)
