(provide x)
(define x (car (list)))
