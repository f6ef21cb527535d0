;; stdin.
;; value: #<value>

(read-line)
