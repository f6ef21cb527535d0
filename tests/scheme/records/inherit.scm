;; Inherited fields, and one that is replaced.
;; value: (account (name "jim") (uid 1001) (home "/home/joe") (shell sh) (groups ("wheel")) (limits ()) (note #f))

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

(define joe (account (name "joe") (groups (list "wheel"))))
(account (inherit joe) (name "jim"))
