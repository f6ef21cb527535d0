;; Lists.
;; value: (#t #f #t #t 2 (0 1 2) (1 3 5) (4 16) (1 2) () (2) (1 2) 6 ((2) (1 3)) 1 1 none ((a . 1) (b . 2)) ((a . 3) (b . 2)))

(use-modules (fruix lists))
(list (any even? '(1 2)) (any even? '()) (every even? '(2 4)) (every even? '()) (find even? '(1 2)) (iota 3) (iota 3 1 2) (filter-map (lambda (x) (and (even? x) (* x x))) '(1 2 4)) (append-map list '(1 2)) (append-map list '()) (delete 1 '(1 2 1)) (delete-duplicates '(1 2 1)) (fold + 0 '(1 2 3)) (partition-list even? '(1 2 3)) (list-index even? '(1 2)) (assoc-ref '((a . 1)) 'a) (assoc-ref '((a . 1)) 'b 'none) (assoc-set '((a . 1)) 'b 2) (assoc-set '((a . 1) (b . 2)) 'a 3))
