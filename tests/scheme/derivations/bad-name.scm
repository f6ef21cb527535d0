;; A name that no store item can have.
;; error:
;;| fruix::eval::failed
;;|   × derivation: `hello world` cannot be the name of a store item: it has the character ' '
;;|     ╭─[derivations/bad-name.scm:14:1]
;;|  13 │
;;|  14 │ (derivation "hello world" #:builder "/bin/sh")
;;|     · ───────────────────────┬──────────────────────
;;|     ·                        ╰── here
;;|     ╰────

(use-modules (fruix store) (fruix derivations))

(derivation "hello world" #:builder "/bin/sh")
