;; The interpreter's own modules are closed.
;; error:
;;|   × `require-builtin` is not available in a declaration
;;|     ╭─[modules/closed.scm:13:1]
;;|  12 │
;;|  13 │ (require-builtin steel/process)
;;|     · ───────────────┬───────────────
;;|     ·                ╰── the interpreter's own modules are closed
;;|  14 │ 1
;;|     ╰────
;;|   help: use the modules of Fruix: (use-modules (fruix system))

(require-builtin steel/process)
1
