;; A macro of the user's that uses a constructor.
;; value: "/home/joe"

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

(define-syntax named
  (syntax-rules ()
    [(_ text) (account (name text))]))

(account-home (named "joe"))
