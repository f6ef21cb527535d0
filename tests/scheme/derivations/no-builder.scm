;; A derivation without a builder.
;; error:
;;|   × `derivation` needs #:builder
;;|     ╭─[derivations/no-builder.scm:13:1]
;;|  12 │
;;|  13 │ (derivation "x")
;;|     · ────────┬───────
;;|     ·         ╰── here
;;|     ╰────

(use-modules (fruix store) (fruix derivations))

(derivation "x")
