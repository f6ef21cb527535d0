;; read-file.
;; error:
;;| fruix::eval::failed
;;|   × open-input-file: not available, because a declaration must mean the same everywhere and always
;;|     ╭─[hostile/read-file.scm:13:1]
;;|  12 │
;;|  13 │ (open-input-file "/etc/passwd")
;;|     · ───────────────┬───────────────
;;|     ·                ╰── here
;;|     ╰────
;;|   help: --impure lifts this, and then the result says so

(open-input-file "/etc/passwd")
