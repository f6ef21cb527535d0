;; The interpreter's own modules are closed.
;; error:
;;| fruix::eval::unavailable-form
;;|   × `require-builtin` is not available in a declaration
;;|     ╭─[modules/closed.scm:14:1]
;;|  13 │
;;|  14 │ (require-builtin steel/process)
;;|     · ───────────────┬───────────────
;;|     ·                ╰── the interpreter's own modules are closed
;;|  15 │ 1
;;|     ╰────
;;|   help: use the modules of Fruix: (use-modules (fruix system))

(require-builtin steel/process)
1
