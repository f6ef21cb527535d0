;; A value that has no JSON.
;; error:
;;| fruix::eval::failed
;;|   × ->json: cannot write a procedure
;;|     ╭─[derivations/json-odd.scm:14:1]
;;|  13 │
;;|  14 │ (->json (list (lambda (x) x)))
;;|     · ───────────────┬──────────────
;;|     ·                ╰── here
;;|     ╰────

(use-modules (fruix store) (fruix derivations))

(->json (list (lambda (x) x)))
