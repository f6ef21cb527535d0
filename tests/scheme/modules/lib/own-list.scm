(provide pair factor)

(define factor 3)

(define (pair x)
  (list x factor (map (lambda (y) y) '(1))))
