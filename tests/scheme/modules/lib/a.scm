(require "sub/b.scm")
(provide both)
(define both (list "a" from-b))
