;; A variable without a name.
;; error:
;;| fruix::eval::failed
;;|   × derivation: "" in `env` is no name of a variable
;;|     ╭─[derivations/env-empty-name.scm:13:1]
;;|  12 │ (use-modules (fruix derivations))
;;|  13 │ (derivation "x" #:builder "/bin/sh" #:env '(("" . "a")))
;;|     · ────────────────────────────┬───────────────────────────
;;|     ·                             ╰── here
;;|     ╰────

(use-modules (fruix derivations))
(derivation "x" #:builder "/bin/sh" #:env '(("" . "a")))
