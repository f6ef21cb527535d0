;; Accessors, predicates and types.
;; value: ("joe" #t #f #t account)

(use-modules (fruix records))

(define-record-type* account
  "A login."
  (name string)
  (uid (integer 0 65533) (default 1001))
  (home string (default (string-append "/home/" (account-name this-record))))
  (shell (one-of 'sh 'csh) (default 'sh))
  (groups (list-of string) (default '()))
  (limits (alist-of integer) (default '()))
  (note (maybe string) (default #f)))

(define joe (account (name "joe")))
(list (account-name joe) (account? joe) (account? 5) (record? joe) (record-type-name joe))
