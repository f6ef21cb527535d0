;; delete-file.
;; error:
;;|   × `delete-file!` is not defined
;;|     ╭─[hostile/delete-file.scm:12:2]
;;|  11 │
;;|  12 │ (delete-file! "/tmp/nothing-here")
;;|     ·  ──────┬─────
;;|     ·        ╰── not known here
;;|     ╰────
;;|   help: define it, or use the module that does with (use-modules …)

(delete-file! "/tmp/nothing-here")
