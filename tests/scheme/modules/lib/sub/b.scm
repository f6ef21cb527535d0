(provide from-b)
(define from-b "b")
