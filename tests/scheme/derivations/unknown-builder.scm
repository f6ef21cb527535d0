;; A builder that does not exist.
;; error:
;;| fruix::eval::failed
;;|   × derivation: there is no builder `builtin:nothing`
;;|     ╭─[derivations/unknown-builder.scm:14:1]
;;|  13 │
;;|  14 │ (derivation "x" #:builder "builtin:nothing")
;;|     · ──────────────────────┬─────────────────────
;;|     ·                       ╰── here
;;|     ╰────

(use-modules (fruix store) (fruix derivations))

(derivation "x" #:builder "builtin:nothing")
