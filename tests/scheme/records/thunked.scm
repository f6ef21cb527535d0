;; A thunked field is evaluated at each access, and sees the record that is accessed: also one that inherits it.
;; value: ("https://one/" "https://two/" "http://own" 1 2 3)

(use-modules (fruix records))

(define count 0)

(define-record-type* site
  (name string)
  (url string (default (string-append "https://" (site-name this-record) "/")) (thunked))
  (visits integer (thunked)))

(define one (site (name "one") (visits (begin (set! count (+ count 1)) count))))
(define two (site (inherit one) (name "two")))
(define own (site (inherit one) (name "own") (url (string-append "http://" (site-name this-record)))))
(list (site-url one) (site-url two) (site-url own) (site-visits one) (site-visits one) (site-visits two))
