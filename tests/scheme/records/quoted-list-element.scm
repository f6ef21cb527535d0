;; The odd element of a quoted list.
;; error:
;;| fruix::eval::field-type
;;|   × the field `groups` of `account` holds the integer 5
;;|     ╭─[records/quoted-list-element.scm:24:41]
;;|  23 │
;;|  24 │ (account (name "joe") (groups '("wheel" 5)))
;;|     ·                                         ┬
;;|     ·                                         ╰── expected a string
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

(account (name "joe") (groups '("wheel" 5)))
