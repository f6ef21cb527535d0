;; write-file.
;; error:
;;|   × open-output-file: not available, because a declaration must mean the same everywhere and always
;;|     ╭─[hostile/write-file.scm:11:1]
;;|  10 │
;;|  11 │ (open-output-file "/tmp/x")
;;|     · ─────────────┬─────────────
;;|     ·              ╰── here
;;|     ╰────

(open-output-file "/tmp/x")
