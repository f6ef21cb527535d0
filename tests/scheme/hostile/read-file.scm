;; read-file.
;; error:
;;|   × open-input-file: not available, because a declaration must mean the same everywhere and always
;;|     ╭─[hostile/read-file.scm:11:1]
;;|  10 │
;;|  11 │ (open-input-file "/etc/passwd")
;;|     · ───────────────┬───────────────
;;|     ·                ╰── here
;;|     ╰────

(open-input-file "/etc/passwd")
