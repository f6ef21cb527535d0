;; A hash that is none.
;; error:
;;| fruix::eval::failed
;;|   × derivation: `sha256:abc` is no SHA-256 digest
;;|     ╭─[derivations/bad-hash.scm:14:1]
;;|  13 │
;;|  14 │ (derivation "x" #:builder "/bin/sh" #:hash "sha256:abc")
;;|     · ────────────────────────────┬───────────────────────────
;;|     ·                             ╰── here
;;|     ╰────

(use-modules (fruix store) (fruix derivations))

(derivation "x" #:builder "/bin/sh" #:hash "sha256:abc")
