;; A check that says nothing where all is well.
;; value: ("x")

(use-modules (fruix records))
(define-record-type* t
  (a string (check (lambda (text) (when (equal? text "") "must not be empty")))))
(list (t-a (t (a "x"))))
