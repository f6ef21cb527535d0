;; A hash turned into text would show its order.
;; error:
;;| fruix::eval::failed
;;|   × to-string: a hash has no order
;;|     ╭─[hostile/hash-shown.scm:13:1]
;;|  12 │
;;|  13 │ (string-append "x" (to-string (hash 'a 1 'b 2)))
;;|     · ────────────────────────┬───────────────────────
;;|     ·                         ╰── here
;;|     ╰────
;;|   help: turn it into a list first, with hash->list

(string-append "x" (to-string (hash 'a 1 'b 2)))
