;; A hash that is none.
;; error:
;;|   × derivation: `sha256:abc` is no SHA-256 digest
;;|     ╭─[derivations/bad-hash.scm:13:1]
;;|  12 │
;;|  13 │ (derivation "x" #:builder "/bin/sh" #:hash "sha256:abc")
;;|     · ────────────────────────────┬───────────────────────────
;;|     ·                             ╰── here
;;|     ╰────

(use-modules (fruix store) (fruix derivations))

(derivation "x" #:builder "/bin/sh" #:hash "sha256:abc")
