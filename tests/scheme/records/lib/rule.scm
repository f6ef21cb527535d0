(use-modules (fruix records))
(provide (record rule))
(define-record-type* rule
  (match string))
