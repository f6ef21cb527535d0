;; A variable that no process can have.
;; error:
;;|   × derivation: "a=b" in `env` is no name of a variable
;;|     ╭─[derivations/env-equals.scm:12:1]
;;|  11 │ (use-modules (fruix derivations))
;;|  12 │ (derivation "x" #:builder "/bin/sh" #:env '(("a=b" . "a")))
;;|     · ─────────────────────────────┬─────────────────────────────
;;|     ·                              ╰── here
;;|     ╰────

(use-modules (fruix derivations))
(derivation "x" #:builder "/bin/sh" #:env '(("a=b" . "a")))
