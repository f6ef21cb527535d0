;; Keys without an order.
;; error:
;;|   × hash->list: keys are put in order, and a procedure has none
;;|     ╭─[hostile/hash-odd-key.scm:12:1]
;;|  11 │
;;|  12 │ (hash->list (hash (lambda (x) x) 1))
;;|     · ──────────────────┬─────────────────
;;|     ·                   ╰── here
;;|     ╰────
;;|   help: use strings, symbols or integers as keys

(hash->list (hash (lambda (x) x) 1))
