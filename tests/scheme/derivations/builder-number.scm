;; No program.
;; error:
;;| fruix::eval::failed
;;|   × derivation: `builder` must be "builtin:NAME" or the path of a program, got the integer 5
;;|     ╭─[derivations/builder-number.scm:13:1]
;;|  12 │ (use-modules (fruix derivations))
;;|  13 │ (derivation "x" #:builder 5)
;;|     · ──────────────┬─────────────
;;|     ·               ╰── here
;;|     ╰────

(use-modules (fruix derivations))
(derivation "x" #:builder 5)
