;; require-builtin-inner.
;; error:
;;| fruix::eval::misplaced-form
;;|   × `require-builtin` inside of another form
;;|     ╭─[hostile/require-builtin-inner.scm:12:8]
;;|  11 │
;;|  12 │ (begin (require-builtin steel/process) 1)
;;|     ·        ───────────────┬───────────────
;;|     ·                       ╰── must stand at the top level of the file
;;|     ╰────

(begin (require-builtin steel/process) 1)
