;; Sorting.
;; value: (1 2 3)

(sort '(3 1 2) <)
