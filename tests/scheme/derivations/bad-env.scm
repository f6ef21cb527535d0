;; A value that cannot be in an environment.
;; error:
;;| fruix::eval::failed
;;|   × derivation: `a` must be made of strings, numbers and store objects, got a procedure
;;|     ╭─[derivations/bad-env.scm:14:1]
;;|  13 │
;;|  14 │ (derivation "x" #:builder "/bin/sh" #:env (list (cons 'a (lambda () 1))))
;;|     · ────────────────────────────────────┬────────────────────────────────────
;;|     ·                                     ╰── here
;;|     ╰────

(use-modules (fruix store) (fruix derivations))

(derivation "x" #:builder "/bin/sh" #:env (list (cons 'a (lambda () 1))))
