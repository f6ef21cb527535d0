;; A program that is looked for nowhere.
;; error:
;;| fruix::eval::failed
;;|   × derivation: `builder` must be "builtin:NAME" or the path of a program, got the string "sh"
;;|     ╭─[derivations/builder-relative.scm:13:1]
;;|  12 │ (use-modules (fruix derivations))
;;|  13 │ (derivation "x" #:builder "sh")
;;|     · ───────────────┬───────────────
;;|     ·                ╰── here
;;|     ╰────

(use-modules (fruix derivations))
(derivation "x" #:builder "sh")
