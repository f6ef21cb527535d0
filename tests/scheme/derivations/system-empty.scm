;; No machine.
;; error:
;;| fruix::eval::failed
;;|   × derivation: "" is no system, such as "x86_64-linux"
;;|     ╭─[derivations/system-empty.scm:13:1]
;;|  12 │ (use-modules (fruix derivations))
;;|  13 │ (derivation "x" #:builder "/bin/sh" #:system "")
;;|     · ────────────────────────┬───────────────────────
;;|     ·                         ╰── here
;;|     ╰────

(use-modules (fruix derivations))
(derivation "x" #:builder "/bin/sh" #:system "")
