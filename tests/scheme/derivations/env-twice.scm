;; A variable that is there twice.
;; error:
;;| fruix::eval::failed
;;|   × derivation: `a` is twice in `env`
;;|     ╭─[derivations/env-twice.scm:14:1]
;;|  13 │
;;|  14 │ (derivation "x" #:builder "/bin/sh" #:env '((a . 1) (a . 2)))
;;|     · ──────────────────────────────┬──────────────────────────────
;;|     ·                               ╰── here
;;|     ╰────

(use-modules (fruix store) (fruix derivations))

(derivation "x" #:builder "/bin/sh" #:env '((a . 1) (a . 2)))
