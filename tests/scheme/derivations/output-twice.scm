;; Two outputs of one name.
;; error:
;;| fruix::eval::failed
;;|   × derivation: the output `out` is named twice
;;|     ╭─[derivations/output-twice.scm:13:1]
;;|  12 │ (use-modules (fruix derivations))
;;|  13 │ (derivation "x" #:builder "/bin/sh" #:outputs '("out" "out"))
;;|     · ──────────────────────────────┬──────────────────────────────
;;|     ·                               ╰── here
;;|     ╰────

(use-modules (fruix derivations))
(derivation "x" #:builder "/bin/sh" #:outputs '("out" "out"))
