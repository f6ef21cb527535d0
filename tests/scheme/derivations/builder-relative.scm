;; A program that is looked for nowhere.
;; error:
;;|   × derivation: `builder` must be "builtin:NAME" or the path of a program, got the string "sh"
;;|     ╭─[derivations/builder-relative.scm:12:1]
;;|  11 │ (use-modules (fruix derivations))
;;|  12 │ (derivation "x" #:builder "sh")
;;|     · ───────────────┬───────────────
;;|     ·                ╰── here
;;|     ╰────

(use-modules (fruix derivations))
(derivation "x" #:builder "sh")
