;; directory.
;; error:
;;|   × `read-dir` is not defined
;;|     ╭─[hostile/directory.scm:12:2]
;;|  11 │
;;|  12 │ (read-dir "/etc")
;;|     ·  ────┬───
;;|     ·      ╰── not known here
;;|     ╰────
;;|   help: define it, or use the module that does with (use-modules …)

(read-dir "/etc")
