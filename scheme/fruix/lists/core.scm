;; Internal: the part of (fruix lists) that Fruix's own modules use, apart because every evaluation pays for it.
(provide any every find filter-map append-map concatenate delete-duplicates)

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
;; ITEMS with only the first of equal elements.
(define (delete-duplicates items)
  (let loop ([left items] [done '()])
    (cond
      [(null? left) (reverse done)]
      [(member (car left) done) (loop (cdr left) done)]
      [else (loop (cdr left) (cons (car left) done))])))
