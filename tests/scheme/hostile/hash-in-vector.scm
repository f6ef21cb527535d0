;; A mutable vector shows its items.
;; error:
;;| fruix::eval::failed
;;|   × to-string: a hash has no order
;;|     ╭─[hostile/hash-in-vector.scm:13:1]
;;|  12 │
;;|  13 │ (to-string (mutable-vector (hash 'a 1 'b 2)))
;;|     · ──────────────────────┬──────────────────────
;;|     ·                       ╰── here
;;|     ╰────
;;|   help: turn it into a list first, with hash->list

(to-string (mutable-vector (hash 'a 1 'b 2)))
