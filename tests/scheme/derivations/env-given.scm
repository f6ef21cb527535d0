;; A variable that every derivation has.
;; error:
;;| fruix::eval::failed
;;|   × derivation: `name` in `env` is set for every derivation
;;|     ╭─[derivations/env-given.scm:14:1]
;;|  13 │ (use-modules (fruix derivations))
;;|  14 │ (derivation "x" #:builder "/bin/sh" #:env '((name . "a")))
;;|     · ─────────────────────────────┬────────────────────────────
;;|     ·                              ╰── here
;;|     ╰────
;;|   help: choose another name

(use-modules (fruix derivations))
(derivation "x" #:builder "/bin/sh" #:env '((name . "a")))
