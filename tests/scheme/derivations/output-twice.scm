;; Two outputs of one name.
;; error:
;;|   × derivation: the output `out` is named twice
;;|     ╭─[derivations/output-twice.scm:12:1]
;;|  11 │ (use-modules (fruix derivations))
;;|  12 │ (derivation "x" #:builder "/bin/sh" #:outputs '("out" "out"))
;;|     · ──────────────────────────────┬──────────────────────────────
;;|     ·                               ╰── here
;;|     ╰────

(use-modules (fruix derivations))
(derivation "x" #:builder "/bin/sh" #:outputs '("out" "out"))
