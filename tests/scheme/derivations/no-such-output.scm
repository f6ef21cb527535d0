;; An output that does not exist.
;; error:
;;|   × the derivation `x` has no output `debug`; it has out
;;|     ╭─[derivations/no-such-output.scm:13:1]
;;|  12 │
;;|  13 │ (derivation-output (derivation "x" #:builder "/bin/sh") "debug")
;;|     · ────────────────────────────────┬───────────────────────────────
;;|     ·                                 ╰── here
;;|     ╰────

(use-modules (fruix store) (fruix derivations))

(derivation-output (derivation "x" #:builder "/bin/sh") "debug")
