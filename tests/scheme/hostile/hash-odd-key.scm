;; Keys without an order.
;; error:
;;| fruix::eval::failed
;;|   × hash->list: keys are put in order, and a procedure has none
;;|     ╭─[hostile/hash-odd-key.scm:13:1]
;;|  12 │
;;|  13 │ (hash->list (hash (lambda (x) x) 1))
;;|     · ──────────────────┬─────────────────
;;|     ·                   ╰── here
;;|     ╰────
;;|   help: use strings, symbols or integers as keys

(hash->list (hash (lambda (x) x) 1))
