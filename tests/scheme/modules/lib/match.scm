(provide match)
(define (match a b)
  (list a b))
