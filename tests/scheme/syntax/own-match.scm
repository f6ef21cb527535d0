;; A name of a missing form, defined by the user.
;; value: (1 2)

(define (match a b) (list a b))
(match 1 2)
