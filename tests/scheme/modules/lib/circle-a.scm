(require "circle-b.scm")
(provide a)
(define a 1)
