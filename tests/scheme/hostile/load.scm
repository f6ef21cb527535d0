;; load.
;; error:
;;|   × load: not available, because a declaration must mean the same everywhere and always
;;|     ╭─[hostile/load.scm:11:1]
;;|  10 │
;;|  11 │ (load "/etc/passwd")
;;|     · ──────────┬─────────
;;|     ·           ╰── here
;;|     ╰────

(load "/etc/passwd")
