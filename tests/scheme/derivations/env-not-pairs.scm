;; An environment that is none.
;; error:
;;|   × derivation: in `env`, expected a (name . value) pair, got the string "a"
;;|     ╭─[derivations/env-not-pairs.scm:13:1]
;;|  12 │
;;|  13 │ (derivation "x" #:builder "/bin/sh" #:env '("a"))
;;|     · ────────────────────────┬────────────────────────
;;|     ·                         ╰── here
;;|     ╰────

(use-modules (fruix store) (fruix derivations))

(derivation "x" #:builder "/bin/sh" #:env '("a"))
