;; Recursion of every kind in one file.
;; value: (1000 #f)

(define (count n) (if (= n 0) 0 (+ 1 (count (- n 1)))))
(define (even-count? n) (if (= n 0) #t (odd-count? (- n 1))))
(define (odd-count? n) (if (= n 0) #f (even-count? (- n 1))))

(list (count 1000) (even-count? 100001))
