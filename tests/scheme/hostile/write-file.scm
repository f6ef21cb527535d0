;; write-file.
;; error:
;;| fruix::eval::failed
;;|   × open-output-file: not available, because a declaration must mean the same everywhere and always
;;|     ╭─[hostile/write-file.scm:12:1]
;;|  11 │
;;|  12 │ (open-output-file "/tmp/x")
;;|     · ─────────────┬─────────────
;;|     ·              ╰── here
;;|     ╰────

(open-output-file "/tmp/x")
