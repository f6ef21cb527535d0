;; Strings: what Steel lacks of SRFI 13, and `format`.
;;
;; Steel itself has `string-append`, `substring`, `string-length`, `string-upcase`, `string-downcase`, `string-replace`
;; (text, from, to), `string->list`, `string->number`, `number->string`, `string->symbol` and `trim`.
(require-builtin fruix/host)

(provide string-split string-join string-prefix? string-suffix? string-null? string-index string-contains
         string-every string-any string-count string-trim string-trim-right string-trim-both
         string-pad string-pad-right string-take string-drop string-take-right string-drop-right
         string-concatenate string-reverse string-map string-for-each char-alphabetic? char-numeric? format)

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
;; Whether TEXT is empty.
(define (string-null? text)
  (= (string-length text) 0))

;; SRFI 13 takes characters where a predicate could stand.
(define (predicate-of criterion)
  (if (char? criterion) (lambda (character) (equal? character criterion)) criterion))

;;@doc
;; The index of the first character of TEXT that is CRITERION, or satisfies it, else #f.
(define (string-index text criterion)
  (let ([fits? (predicate-of criterion)])
    (let loop ([left (string->list text)] [index 0])
      (cond
        [(null? left) #f]
        [(fits? (car left)) index]
        [else (loop (cdr left) (+ index 1))]))))

;;@doc
;; The index in TEXT at which PART first occurs, else #f.
(define (string-contains text part)
  (%string-contains text part))

;;@doc
;; Whether every character of TEXT is CRITERION, or satisfies it.
(define (string-every criterion text)
  (let ([fits? (predicate-of criterion)])
    (not (string-index text (lambda (character) (not (fits? character)))))))

;;@doc
;; Whether some character of TEXT is CRITERION, or satisfies it.
(define (string-any criterion text)
  (and (string-index text criterion) #t))

;;@doc
;; How many characters of TEXT are CRITERION, or satisfy it.
(define (string-count text criterion)
  (length (filter (predicate-of criterion) (string->list text))))

;;@doc
;; TEXT without white space at its start.
(define (string-trim text)
  (%string-trim text #t #f))

;;@doc
;; TEXT without white space at its end.
(define (string-trim-right text)
  (%string-trim text #f #t))

;;@doc
;; TEXT without white space at its start and end.
(define (string-trim-both text)
  (%string-trim text #t #t))

;;@doc
;; The last WIDTH characters of TEXT, after as many of CHARACTER as lack.
(define (string-pad text width [character #\space])
  (%string-pad text width character #t))

;;@doc
;; The first WIDTH characters of TEXT, before as many of CHARACTER as lack.
(define (string-pad-right text width [character #\space])
  (%string-pad text width character #f))

;;@doc
;; The first COUNT characters of TEXT.
(define (string-take text count)
  (substring text 0 count))

;;@doc
;; TEXT without its first COUNT characters.
(define (string-drop text count)
  (substring text count (string-length text)))

;;@doc
;; The last COUNT characters of TEXT.
(define (string-take-right text count)
  (string-drop text (- (string-length text) count)))

;;@doc
;; TEXT without its last COUNT characters.
(define (string-drop-right text count)
  (string-take text (- (string-length text) count)))

;;@doc
;; One string of all STRINGS.
(define (string-concatenate strings)
  (%string-join strings ""))

;;@doc
;; The characters of TEXT from the last to the first.
(define (string-reverse text)
  (list->string (reverse (string->list text))))

;;@doc
;; The string of the characters that PROCEDURE makes of those of TEXT.
(define (string-map procedure text)
  (list->string (map procedure (string->list text))))

;;@doc
;; Calls PROCEDURE with each character of TEXT.
(define (string-for-each procedure text)
  (for-each procedure (string->list text)))

;;@doc
;; Whether a character is a letter.
(define (char-alphabetic? character)
  (%char-is character 'alphabetic))

;;@doc
;; Whether a character is a digit.
(define (char-numeric? character)
  (%char-is character 'numeric))

;;@doc
;; The text of CONTROL with the arguments in it, as in Guile: `~a` as people read it, `~s` as Scheme reads it, `~%` a
;; line break, `~~` a tilde. DESTINATION is #f. For texts with store paths there is `text-append` of (fruix store).
(define (format destination control . arguments)
  (when destination
    (error "format: a declaration prints nothing; the destination is #f"))
  (%format control arguments))
