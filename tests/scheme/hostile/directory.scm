;; directory.
;; error:
;;| fruix::eval::unbound-name
;;|   × `read-dir` is not defined
;;|     ╭─[hostile/directory.scm:13:2]
;;|  12 │
;;|  13 │ (read-dir "/etc")
;;|     ·  ────┬───
;;|     ·      ╰── not known here
;;|     ╰────
;;|   help: define it, or use the module that does with (use-modules …)

(read-dir "/etc")
