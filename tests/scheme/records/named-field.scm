;; A type whose names are like those of the constructor's parts.
;; value: "x"

(use-modules (fruix records))
(define-record-type* field
  (a string))
(define-record-type* construct
  (b field))
(field-a (construct-b (construct (b (field (a "x"))))))
