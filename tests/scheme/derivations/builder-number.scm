;; No program.
;; error:
;;|   × derivation: `builder` must be "builtin:NAME" or the path of a program, got the integer 5
;;|     ╭─[derivations/builder-number.scm:12:1]
;;|  11 │ (use-modules (fruix derivations))
;;|  12 │ (derivation "x" #:builder 5)
;;|     · ──────────────┬─────────────
;;|     ·               ╰── here
;;|     ╰────

(use-modules (fruix derivations))
(derivation "x" #:builder 5)
