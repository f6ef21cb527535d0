;; A variable that no process can have.
;; error:
;;| fruix::eval::failed
;;|   × derivation: "a=b" in `env` is no name of a variable
;;|     ╭─[derivations/env-equals.scm:13:1]
;;|  12 │ (use-modules (fruix derivations))
;;|  13 │ (derivation "x" #:builder "/bin/sh" #:env '(("a=b" . "a")))
;;|     · ─────────────────────────────┬─────────────────────────────
;;|     ·                              ╰── here
;;|     ╰────

(use-modules (fruix derivations))
(derivation "x" #:builder "/bin/sh" #:env '(("a=b" . "a")))
