(provide f g)
(define (f x) x)
