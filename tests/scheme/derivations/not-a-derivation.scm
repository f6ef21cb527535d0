;; An output of something else.
;; error:
;;| fruix::eval::failed
;;|   × expected an output of a derivation, got the string "x"
;;|     ╭─[derivations/not-a-derivation.scm:14:1]
;;|  13 │
;;|  14 │ (derivation-output "x" "debug")
;;|     · ───────────────┬───────────────
;;|     ·                ╰── here
;;|     ╰────

(use-modules (fruix store) (fruix derivations))

(derivation-output "x" "debug")
