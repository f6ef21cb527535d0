(use-modules (fruix records) (fruix derivations))
(provide (record account) check-account greeting)

(define greeting "hello")

(define-record-type* account
  (name string)
  (uid integer (default 1001)))

(define (check-account account)
  (if (equal? (account-uid account) 0)
      (error "the uid 0 is reserved")
      account))

(define-lowering %account
                 (lambda (account)
                   (derivation (account-name account) #:builder "/bin/sh")))
