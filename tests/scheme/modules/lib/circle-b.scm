(require "circle-a.scm")
(provide b)
(define b 1)
