;; An environment that is none.
;; error:
;;| fruix::eval::failed
;;|   × derivation: in `env`, expected a (name . value) pair, got the string "a"
;;|     ╭─[derivations/env-not-pairs.scm:14:1]
;;|  13 │
;;|  14 │ (derivation "x" #:builder "/bin/sh" #:env '("a"))
;;|     · ────────────────────────┬────────────────────────
;;|     ·                         ╰── here
;;|     ╰────

(use-modules (fruix store) (fruix derivations))

(derivation "x" #:builder "/bin/sh" #:env '("a"))
