;; An element of an association list that is no pair.
;; error:
;;| fruix::eval::field-type
;;|   × the field `limits` of `account` holds the integer 7
;;|     ╭─[records/alist-entry.scm:24:53]
;;|  23 │
;;|  24 │ (account (name "joe") (limits (list (cons 'files 5) 7)))
;;|     ·                                                     ┬
;;|     ·                                                     ╰── expected a (key . value) pair
;;|     ╰────

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

(account (name "joe") (limits (list (cons 'files 5) 7)))
