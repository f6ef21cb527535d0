;; deep-recursion.
;; value: 100000

(define (f n) (if (= n 0) 0 (+ 1 (f (- n 1)))))
(f 100000)
