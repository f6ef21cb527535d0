;; Listings of hashes have an order.
;; value: (((#t 5) (5 4) (a 2) (c 1) ("b" 3)) (#t 5 a c "b") (5 4 2 1 3) (1 2 3))

(define h (hash 'c 1 'a 2 "b" 3 5 4 #t 5))

(list (hash->list h) (hash-keys->list h) (hash-values->list h) (hashset->list (hashset 3 1 2)))
