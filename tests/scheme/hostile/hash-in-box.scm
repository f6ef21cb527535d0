;; A box shows what is in it.
;; error:
;;| fruix::eval::failed
;;|   × to-string: a hash has no order
;;|     ╭─[hostile/hash-in-box.scm:13:1]
;;|  12 │
;;|  13 │ (to-string (box (hash 'a 1 'b 2)))
;;|     · ─────────────────┬────────────────
;;|     ·                  ╰── here
;;|     ╰────
;;|   help: turn it into a list first, with hash->list

(to-string (box (hash 'a 1 'b 2)))
