;; Lists: what Steel lacks of SRFI 1, and association lists as in Guix.
;;
;; Steel itself has `map`, `for-each`, `filter`, `append`, `reverse`, `take`, `drop`, `last`, `list-tail`, `member`,
;; `assoc`, `assq`, `range`, `flatten` and `sort`. What works on several lists in SRFI 1 works on one here.
(require "fruix/lists/core.scm")

(provide any every find filter-map append-map concatenate delete-duplicates
         find-tail remove delete partition span break take-while drop-while take-right drop-right
         fold fold-right reduce count list-index iota make-list list-head last-pair zip cons*
         assoc-ref assq-ref assoc-set alist-delete identity const receive)

;;@doc
;; Binds the values that an expression gives, as with `(values …)`, and evaluates the body:
;; (receive (good . bad) (partition even? '(1 2)) good).
(define-syntax receive
  (syntax-rules ()
    [(_ formals expression body ...) (call-with-values (lambda () expression) (lambda formals body ...))]))

;;@doc
;; The part of ITEMS that starts with the first element that satisfies PREDICATE, else #f.
(define (find-tail predicate items)
  (cond
    [(null? items) #f]
    [(predicate (car items)) items]
    [else (find-tail predicate (cdr items))]))

;;@doc
;; The elements of ITEMS that do not satisfy PREDICATE.
(define (remove predicate items)
  (filter (lambda (item) (not (predicate item))) items))

;;@doc
;; ITEMS without those equal to VALUE.
(define (delete value items)
  (filter (lambda (item) (not (equal? item value))) items))

;;@doc
;; Two values: the elements of ITEMS that satisfy PREDICATE, and the others. See `receive`.
(define (partition predicate items)
  (values (filter predicate items) (remove predicate items)))

;;@doc
;; Two values: the elements of ITEMS before the first that does not satisfy PREDICATE, and the rest. See `receive`.
(define (span predicate items)
  (let loop ([left items] [done '()])
    (if (or (null? left) (not (predicate (car left))))
        (values (reverse done) left)
        (loop (cdr left) (cons (car left) done)))))

;;@doc
;; Two values: the elements of ITEMS before the first that satisfies PREDICATE, and the rest. See `receive`.
(define (break predicate items)
  (span (lambda (item) (not (predicate item))) items))

;;@doc
;; The elements of ITEMS before the first that does not satisfy PREDICATE.
(define (take-while predicate items)
  (receive (taken rest) (span predicate items) taken))

;;@doc
;; ITEMS from the first element on that does not satisfy PREDICATE.
(define (drop-while predicate items)
  (receive (taken rest) (span predicate items) rest))

;;@doc
;; The last COUNT elements of ITEMS.
(define (take-right items count)
  (list-tail items (- (length items) count)))

;;@doc
;; ITEMS without the last COUNT elements.
(define (drop-right items count)
  (take items (- (length items) count)))

;;@doc
;; The first COUNT elements of ITEMS.
(define (list-head items count)
  (take items count))

;;@doc
;; The list that holds the last element of ITEMS.
(define (last-pair items)
  (take-right items 1))

;;@doc
;; PROCEDURE of each element and the result so far, from the left: (fold cons '() '(1 2 3)) is (3 2 1).
(define (fold procedure initial items)
  (let loop ([left items] [result initial])
    (if (null? left) result (loop (cdr left) (procedure (car left) result)))))

;;@doc
;; PROCEDURE of each element and the result so far, from the right: (fold-right cons '() '(1 2 3)) is (1 2 3).
(define (fold-right procedure initial items)
  (fold procedure initial (reverse items)))

;;@doc
;; Like `fold`, starting with the first element; DEFAULT for the empty list: (reduce max 0 '(1 3 2)).
(define (reduce procedure default items)
  (if (null? items) default (fold procedure (car items) (cdr items))))

;;@doc
;; How many elements of ITEMS satisfy PREDICATE.
(define (count predicate items)
  (length (filter predicate items)))

;;@doc
;; The index of the first element of ITEMS that satisfies PREDICATE, else #f.
(define (list-index predicate items)
  (let loop ([left items] [index 0])
    (cond
      [(null? left) #f]
      [(predicate (car left)) index]
      [else (loop (cdr left) (+ index 1))])))

;;@doc
;; The list of COUNT numbers from START on, STEP apart.
(define (iota count [start 0] [step 1])
  (let loop ([left count] [done '()])
    (if (<= left 0) done (loop (- left 1) (cons (+ start (* step (- left 1))) done)))))

;;@doc
;; A list of COUNT times VALUE.
(define (make-list count [value #f])
  (map (lambda (index) value) (range 0 count)))

;;@doc
;; Lists of the elements that LISTS have at the same place: (zip '(1 2) '(a b)) is ((1 a) (2 b)).
(define (zip . lists)
  (apply map list lists))

;;@doc
;; A list of the arguments, where the last is the rest of the list: (cons* 1 2 '(3)) is (1 2 3).
(define (cons* . arguments)
  (append (drop-right arguments 1) (last arguments)))

;;@doc
;; The value of KEY in the association list ALIST, else DEFAULT.
(define (assoc-ref alist key [default #f])
  (let ([entry (find (lambda (entry) (equal? (car entry) key)) alist)])
    (if entry (cdr entry) default)))

;;@doc
;; The value of the symbol KEY in the association list ALIST, else #f.
(define (assq-ref alist key)
  (assoc-ref alist key))

;;@doc
;; ALIST with VALUE for KEY: in place of the old value, else at the end.
(define (assoc-set alist key value)
  (let ([entry (cons key value)])
    (if (any (lambda (old) (equal? (car old) key)) alist)
        (map (lambda (old) (if (equal? (car old) key) entry old)) alist)
        (append alist (list entry)))))

;;@doc
;; ALIST without the entries of KEY.
(define (alist-delete key alist)
  (remove (lambda (entry) (equal? (car entry) key)) alist))

;;@doc
;; VALUE itself.
(define (identity value)
  value)

;;@doc
;; A procedure that gives VALUE whatever its arguments are.
(define (const value)
  (lambda arguments value))
