;; A key that is there twice.
;; error:
;;| fruix::eval::failed
;;|   × ->json: the key `a` is there twice
;;|     ╭─[derivations/json-repeated-key.scm:14:1]
;;|  13 │
;;|  14 │ (->json '((a . 1) (a . 2)))
;;|     · ─────────────┬─────────────
;;|     ·              ╰── here
;;|     ╰────

(use-modules (fruix store) (fruix derivations))

(->json '((a . 1) (a . 2)))
