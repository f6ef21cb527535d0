;; Inputs that are not available.
;; error:
;;| fruix::eval::failed
;;|   × a local file is not available here
;;|     ╭─[derivations/no-inputs.scm:15:13]
;;|  14 │
;;|  15 │ (define key (local-file "key.pub"))
;;|     ·             ───────────┬──────────
;;|     ·                        ╰── here
;;|  16 │ key
;;|     ╰────

(use-modules (fruix store) (fruix derivations))

(define key (local-file "key.pub"))
key
