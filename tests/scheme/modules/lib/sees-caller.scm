(provide twice)

(define (twice x)
  (* x factor))
