(use-modules (fruix records))
(provide (record site))

(define-record-type* site
  "A site of the web."
  (name string)
  (url string (default (string-append "https://" (site-name this-site))) (thunked)))
