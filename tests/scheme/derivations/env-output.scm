;; A variable with the name of an output.
;; error:
;;|   × derivation: `dev` in `env` is set for every derivation
;;|     ╭─[derivations/env-output.scm:13:1]
;;|  12 │ (use-modules (fruix derivations))
;;|  13 │ (derivation "x" #:builder "/bin/sh" #:outputs '("out" "dev") #:env '((dev . "a")))
;;|     · ─────────────────────────────────────────┬────────────────────────────────────────
;;|     ·                                          ╰── here
;;|     ╰────
;;|   help: choose another name

(use-modules (fruix derivations))
(derivation "x" #:builder "/bin/sh" #:outputs '("out" "dev") #:env '((dev . "a")))
