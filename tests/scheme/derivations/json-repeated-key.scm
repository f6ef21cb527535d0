;; A key that is there twice.
;; error:
;;|   × ->json: the key `a` is there twice
;;|     ╭─[derivations/json-repeated-key.scm:13:1]
;;|  12 │
;;|  13 │ (->json '((a . 1) (a . 2)))
;;|     · ─────────────┬─────────────
;;|     ·              ╰── here
;;|     ╰────

(use-modules (fruix store) (fruix derivations))

(->json '((a . 1) (a . 2)))
