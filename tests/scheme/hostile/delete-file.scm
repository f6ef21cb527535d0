;; delete-file.
;; error:
;;| fruix::eval::unbound-name
;;|   × `delete-file!` is not defined
;;|     ╭─[hostile/delete-file.scm:13:2]
;;|  12 │
;;|  13 │ (delete-file! "/tmp/nothing-here")
;;|     ·  ──────┬─────
;;|     ·        ╰── not known here
;;|     ╰────
;;|   help: define it, or use the module that does with (use-modules …)

(delete-file! "/tmp/nothing-here")
