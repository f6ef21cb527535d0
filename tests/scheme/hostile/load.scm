;; load.
;; error:
;;| fruix::eval::failed
;;|   × load: not available, because a declaration must mean the same everywhere and always
;;|     ╭─[hostile/load.scm:12:1]
;;|  11 │
;;|  12 │ (load "/etc/passwd")
;;|     · ──────────┬─────────
;;|     ·           ╰── here
;;|     ╰────

(load "/etc/passwd")
