;; A variable that is there twice.
;; error:
;;|   × derivation: `a` is twice in `env`
;;|     ╭─[derivations/env-twice.scm:13:1]
;;|  12 │
;;|  13 │ (derivation "x" #:builder "/bin/sh" #:env '((a . 1) (a . 2)))
;;|     · ──────────────────────────────┬──────────────────────────────
;;|     ·                               ╰── here
;;|     ╰────

(use-modules (fruix store) (fruix derivations))

(derivation "x" #:builder "/bin/sh" #:env '((a . 1) (a . 2)))
