;; However deep.
;; error:
;;|   × to-string: a hash has no order
;;|     ╭─[hostile/hash-far-inside.scm:13:1]
;;|  12 │ (define (nest n value) (if (= n 0) value (nest (- n 1) (list value))))
;;|  13 │ (to-string (nest 500 (hash 'a 1 'b 2)))
;;|     · ───────────────────┬───────────────────
;;|     ·                    ╰── here
;;|     ╰────
;;|   help: turn it into a list first, with hash->list

(define (nest n value) (if (= n 0) value (nest (- n 1) (list value))))
(to-string (nest 500 (hash 'a 1 'b 2)))
