;; A loop with a million rounds.
;; value: 500000500000

(let loop ([n 1000000] [sum 0]) (if (= n 0) sum (loop (- n 1) (+ sum n))))
