;; A variable without a name.
;; error:
;;|   × derivation: "" in `env` is no name of a variable
;;|     ╭─[derivations/env-empty-name.scm:12:1]
;;|  11 │ (use-modules (fruix derivations))
;;|  12 │ (derivation "x" #:builder "/bin/sh" #:env '(("" . "a")))
;;|     · ────────────────────────────┬───────────────────────────
;;|     ·                             ╰── here
;;|     ╰────

(use-modules (fruix derivations))
(derivation "x" #:builder "/bin/sh" #:env '(("" . "a")))
