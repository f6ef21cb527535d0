;; self-containing.
;; value: (made)

(define v (mutable-vector 1 2))
(vector-set! v 0 v)
(list 'made)
