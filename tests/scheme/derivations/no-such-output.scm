;; An output that does not exist.
;; error:
;;| fruix::eval::failed
;;|   × the derivation `x` has no output `debug`; it has out
;;|     ╭─[derivations/no-such-output.scm:14:1]
;;|  13 │
;;|  14 │ (derivation-output (derivation "x" #:builder "/bin/sh") "debug")
;;|     · ────────────────────────────────┬───────────────────────────────
;;|     ·                                 ╰── here
;;|     ╰────

(use-modules (fruix store) (fruix derivations))

(derivation-output (derivation "x" #:builder "/bin/sh") "debug")
