;; require-builtin-inner.
;; error:
;;|   × `require-builtin` inside of another form
;;|     ╭─[hostile/require-builtin-inner.scm:11:8]
;;|  10 │
;;|  11 │ (begin (require-builtin steel/process) 1)
;;|     ·        ───────────────┬───────────────
;;|     ·                       ╰── must stand at the top level of the file
;;|     ╰────

(begin (require-builtin steel/process) 1)
