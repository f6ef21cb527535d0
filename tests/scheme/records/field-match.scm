;; Fields called like forms that are not available, or stand elsewhere.
;; value: "x"

(use-modules (fruix records))
(define-record-type* rule
  (match string)
  (provide (list-of string)))
(rule-match (rule (match "x") (provide (list "y"))))
