;; A builder that does not exist.
;; error:
;;|   × derivation: there is no builder `builtin:nothing`
;;|     ╭─[derivations/unknown-builder.scm:13:1]
;;|  12 │
;;|  13 │ (derivation "x" #:builder "builtin:nothing")
;;|     · ──────────────────────┬─────────────────────
;;|     ·                       ╰── here
;;|     ╰────

(use-modules (fruix store) (fruix derivations))

(derivation "x" #:builder "builtin:nothing")
