;; Each sees the one before.
;; value: 2

(let* ([x 1] [x (+ x 1)]) x)
