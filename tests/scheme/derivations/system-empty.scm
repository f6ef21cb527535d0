;; No machine.
;; error:
;;|   × derivation: "" is no system, such as "x86_64-linux"
;;|     ╭─[derivations/system-empty.scm:12:1]
;;|  11 │ (use-modules (fruix derivations))
;;|  12 │ (derivation "x" #:builder "/bin/sh" #:system "")
;;|     · ────────────────────────┬───────────────────────
;;|     ·                         ╰── here
;;|     ╰────

(use-modules (fruix derivations))
(derivation "x" #:builder "/bin/sh" #:system "")
