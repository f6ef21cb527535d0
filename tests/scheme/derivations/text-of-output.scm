;; A text cannot be there before what it names.
;; error:
;;| fruix::eval::failed
;;|   × the file `a` names something that has to be built first; use mixed-text-file
;;|     ╭─[derivations/text-of-output.scm:14:1]
;;|  13 │
;;|  14 │ (plain-file "a" (list "x" (derivation "x" #:builder "/bin/sh")))
;;|     · ────────────────────────────────┬───────────────────────────────
;;|     ·                                 ╰── here
;;|     ╰────

(use-modules (fruix store) (fruix derivations))

(plain-file "a" (list "x" (derivation "x" #:builder "/bin/sh")))
