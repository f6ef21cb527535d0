;; A value that has no JSON.
;; error:
;;|   × ->json: cannot write a procedure
;;|     ╭─[derivations/json-odd.scm:13:1]
;;|  12 │
;;|  13 │ (->json (list (lambda (x) x)))
;;|     · ───────────────┬──────────────
;;|     ·                ╰── here
;;|     ╰────

(use-modules (fruix store) (fruix derivations))

(->json (list (lambda (x) x)))
