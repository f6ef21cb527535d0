;; However deep.
;; error:
;;| fruix::eval::failed
;;|   × to-string: a hash has no order
;;|     ╭─[hostile/hash-far-inside.scm:14:1]
;;|  13 │ (define (nest n value) (if (= n 0) value (nest (- n 1) (list value))))
;;|  14 │ (to-string (nest 500 (hash 'a 1 'b 2)))
;;|     · ───────────────────┬───────────────────
;;|     ·                    ╰── here
;;|     ╰────
;;|   help: turn it into a list first, with hash->list

(define (nest n value) (if (= n 0) value (nest (- n 1) (list value))))
(to-string (nest 500 (hash 'a 1 'b 2)))
