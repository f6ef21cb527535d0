;; Inputs that are not available.
;; error:
;;|   × a local file is not available here
;;|     ╭─[derivations/no-inputs.scm:14:13]
;;|  13 │
;;|  14 │ (define key (local-file "key.pub"))
;;|     ·             ───────────┬──────────
;;|     ·                        ╰── here
;;|  15 │ key
;;|     ╰────

(use-modules (fruix store) (fruix derivations))

(define key (local-file "key.pub"))
key
