;; A mutable vector shows its items.
;; error:
;;|   × to-string: a hash has no order
;;|     ╭─[hostile/hash-in-vector.scm:12:1]
;;|  11 │
;;|  12 │ (to-string (mutable-vector (hash 'a 1 'b 2)))
;;|     · ──────────────────────┬──────────────────────
;;|     ·                       ╰── here
;;|     ╰────
;;|   help: turn it into a list first, with hash->list

(to-string (mutable-vector (hash 'a 1 'b 2)))
