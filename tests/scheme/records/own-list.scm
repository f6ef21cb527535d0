;; A constructor where `list` means something else.
;; value: 1

(use-modules (fruix records))
(define (list . items)
  5)
(define-record-type* t
  (a string)
  (b integer (default 1)))
(t-b (t (a "x")))
