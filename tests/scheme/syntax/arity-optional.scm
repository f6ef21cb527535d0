;; Optional arguments: none, one, and a symbol.
;; value: ((1 none) (1 2) (1 x))

(define (f a [b 'none]) (list a b))
(list (f 1) (f 1 2) (f 1 'x))
