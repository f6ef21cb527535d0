;; A fraction where an integer is wanted.
;; error:
;;| fruix::eval::field-type
;;|   × the field `uid` of `account` cannot be the number 5.5
;;|     ╭─[records/float-for-integer.scm:24:28]
;;|  23 │
;;|  24 │ (account (name "joe") (uid 5.5))
;;|     ·                            ─┬─
;;|     ·                             ╰── expected an integer from 0 to 65533
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

(account (name "joe") (uid 5.5))
