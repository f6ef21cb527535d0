(provide f)
(define (f x) (strin-append x "a"))
