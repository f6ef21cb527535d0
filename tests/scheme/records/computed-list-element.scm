;; The odd element of a computed list.
;; error:
;;| fruix::eval::field-type
;;|   × the field `groups` of `account` holds the integer 5
;;|     ╭─[records/computed-list-element.scm:25:31]
;;|  24 │ (define groups (list "wheel" 5))
;;|  25 │ (account (name "joe") (groups groups))
;;|     ·                               ───┬──
;;|     ·                                  ╰── expected a string
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

(define groups (list "wheel" 5))
(account (name "joe") (groups groups))
