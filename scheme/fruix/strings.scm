;; Strings: what Steel lacks of SRFI 13.
(require-builtin fruix/host)

(provide string-split string-join string-prefix? string-suffix? string-index string-every)

;;@doc
;; The parts of TEXT between the occurrences of SEPARATOR, a non-empty string or a character.
(define (string-split text separator)
  (%string-split text (if (char? separator) (string separator) separator)))

;;@doc
;; STRINGS with SEPARATOR between them.
(define (string-join strings [separator " "])
  (%string-join strings separator))

;;@doc
;; Whether TEXT starts with PREFIX.
(define (string-prefix? prefix text)
  (starts-with? text prefix))

;;@doc
;; Whether TEXT ends with SUFFIX.
(define (string-suffix? suffix text)
  (ends-with? text suffix))

;;@doc
;; The index of the first character of TEXT that satisfies PREDICATE, else #f.
(define (string-index text predicate)
  (let loop ([left (string->list text)] [index 0])
    (cond
      [(null? left) #f]
      [(predicate (car left)) index]
      [else (loop (cdr left) (+ index 1))])))

;;@doc
;; Whether PREDICATE holds for every character of TEXT.
(define (string-every predicate text)
  (not (string-index text (lambda (character) (not (predicate character))))))
