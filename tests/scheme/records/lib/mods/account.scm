(use-modules (fruix records))
(provide (record account))

(define-record-type* account (name string))
