;; Optional fields and association lists.
;; value: (account (name "joe") (uid 1001) (home "/home/joe") (shell sh) (groups ()) (limits ((files . 5) ("cpu" . 6))) (note "x"))

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

(account (name "joe") (note "x") (limits '((files . 5) ("cpu" . 6))))
