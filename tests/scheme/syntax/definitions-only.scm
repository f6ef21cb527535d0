;; A file whose last form is a definition.
;; value: void

(define x 5)
