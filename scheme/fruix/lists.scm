;; Lists: what Steel lacks of SRFI 1, and association lists as in Guix.
(provide any every find iota filter-map append-map delete delete-duplicates fold concatenate partition-list
         assoc-ref assoc-set list-index)

;;@doc
;; The first true value of PREDICATE on the elements of ITEMS, else #f.
(define (any predicate items)
  (and (not (null? items)) (or (predicate (car items)) (any predicate (cdr items)))))

;;@doc
;; Whether PREDICATE holds for all elements of ITEMS: its last value, #t for the empty list.
(define (every predicate items)
  (cond
    [(null? items) #t]
    [(null? (cdr items)) (predicate (car items))]
    [else (and (predicate (car items)) (every predicate (cdr items)))]))

;;@doc
;; The first element of ITEMS that satisfies PREDICATE, else #f.
(define (find predicate items)
  (cond
    [(null? items) #f]
    [(predicate (car items)) (car items)]
    [else (find predicate (cdr items))]))

;;@doc
;; The list of COUNT numbers from START on, STEP apart.
(define (iota count [start 0] [step 1])
  (let loop ([left count] [done '()])
    (if (<= left 0) done (loop (- left 1) (cons (+ start (* step (- left 1))) done)))))

;;@doc
;; The true values of PROCEDURE on the elements of ITEMS.
(define (filter-map procedure items)
  (filter (lambda (value) value) (map procedure items)))

;;@doc
;; The lists that PROCEDURE gives for the elements of ITEMS, one after the other.
(define (append-map procedure items)
  (concatenate (map procedure items)))

;;@doc
;; One list of all elements of LISTS.
(define (concatenate lists)
  (apply append lists))

;;@doc
;; ITEMS without those equal to VALUE.
(define (delete value items)
  (filter (lambda (item) (not (equal? item value))) items))

;;@doc
;; ITEMS with only the first of equal elements.
(define (delete-duplicates items)
  (let loop ([left items] [done '()])
    (cond
      [(null? left) (reverse done)]
      [(member (car left) done) (loop (cdr left) done)]
      [else (loop (cdr left) (cons (car left) done))])))

;;@doc
;; PROCEDURE of each element and the result so far, from the left: (fold + 0 '(1 2 3)).
(define (fold procedure initial items)
  (let loop ([left items] [result initial])
    (if (null? left) result (loop (cdr left) (procedure (car left) result)))))

;;@doc
;; Two lists: the elements of ITEMS that satisfy PREDICATE, and the others.
(define (partition-list predicate items)
  (list (filter predicate items) (filter (lambda (item) (not (predicate item))) items)))

;;@doc
;; The index of the first element of ITEMS that satisfies PREDICATE, else #f.
(define (list-index predicate items)
  (let loop ([left items] [index 0])
    (cond
      [(null? left) #f]
      [(predicate (car left)) index]
      [else (loop (cdr left) (+ index 1))])))

;;@doc
;; The value of KEY in the association list ALIST, else DEFAULT.
(define (assoc-ref alist key [default #f])
  (let ([entry (find (lambda (entry) (equal? (car entry) key)) alist)])
    (if entry (cdr entry) default)))

;;@doc
;; ALIST with VALUE for KEY: in place of the old value, else at the end.
(define (assoc-set alist key value)
  (let ([entry (cons key value)])
    (if (any (lambda (old) (equal? (car old) key)) alist)
        (map (lambda (old) (if (equal? (car old) key) entry old)) alist)
        (append alist (list entry)))))
