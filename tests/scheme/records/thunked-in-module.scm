;; A thunked field of a record type of another module, with a prefix, and a local variable of the field's name.
;; value: ("ftp://a" "https://b" (site (name "c") (url …)))

(require (prefix-in m: "lib/mods/site.scm"))

(define (make name url) (m:site (name name) (url (string-append url (m:site-name this-record)))))
(let ([home "ftp://"])
  (list (m:site-url (make "a" home)) (m:site-url (m:site (name "b"))) (make "c" "")))
