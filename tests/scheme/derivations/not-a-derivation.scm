;; An output of something else.
;; error:
;;|   × expected an output of a derivation, got the string "x"
;;|     ╭─[derivations/not-a-derivation.scm:13:1]
;;|  12 │
;;|  13 │ (derivation-output "x" "debug")
;;|     · ───────────────┬───────────────
;;|     ·                ╰── here
;;|     ╰────

(use-modules (fruix store) (fruix derivations))

(derivation-output "x" "debug")
