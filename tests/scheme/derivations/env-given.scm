;; A variable that every derivation has.
;; error:
;;|   × derivation: `name` in `env` is set for every derivation
;;|     ╭─[derivations/env-given.scm:13:1]
;;|  12 │ (use-modules (fruix derivations))
;;|  13 │ (derivation "x" #:builder "/bin/sh" #:env '((name . "a")))
;;|     · ─────────────────────────────┬────────────────────────────
;;|     ·                              ╰── here
;;|     ╰────
;;|   help: choose another name

(use-modules (fruix derivations))
(derivation "x" #:builder "/bin/sh" #:env '((name . "a")))
