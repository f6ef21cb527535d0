;; A derivation without a builder.
;; error:
;;| fruix::eval::failed
;;|   × `derivation` needs #:builder
;;|     ╭─[derivations/no-builder.scm:14:1]
;;|  13 │
;;|  14 │ (derivation "x")
;;|     · ────────┬───────
;;|     ·         ╰── here
;;|     ╰────

(use-modules (fruix store) (fruix derivations))

(derivation "x")
