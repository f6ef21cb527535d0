;; Fields in any order; defaults; a default computed from another field.
;; value: (account (name "joe") (uid 5) (home "/home/joe") (shell sh) (groups ()) (limits ()) (note #f))

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

(account (uid 5) (name "joe"))
