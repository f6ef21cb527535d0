;; stdin.
;; value: (eof)

(read-line)
