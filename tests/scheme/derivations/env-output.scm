;; A variable with the name of an output.
;; error:
;;| fruix::eval::failed
;;|   × derivation: `dev` in `env` is set for every derivation
;;|     ╭─[derivations/env-output.scm:14:1]
;;|  13 │ (use-modules (fruix derivations))
;;|  14 │ (derivation "x" #:builder "/bin/sh" #:outputs '("out" "dev") #:env '((dev . "a")))
;;|     · ─────────────────────────────────────────┬────────────────────────────────────────
;;|     ·                                          ╰── here
;;|     ╰────
;;|   help: choose another name

(use-modules (fruix derivations))
(derivation "x" #:builder "/bin/sh" #:outputs '("out" "dev") #:env '((dev . "a")))
