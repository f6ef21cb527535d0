;; A name that no store item can have.
;; error:
;;|   × derivation: `hello world` cannot be the name of a store item: it has the character ' '
;;|     ╭─[derivations/bad-name.scm:13:1]
;;|  12 │
;;|  13 │ (derivation "hello world" #:builder "/bin/sh")
;;|     · ───────────────────────┬──────────────────────
;;|     ·                        ╰── here
;;|     ╰────

(use-modules (fruix store) (fruix derivations))

(derivation "hello world" #:builder "/bin/sh")
