;; A clause without a value.
;; error:
;;| fruix::eval::field-type
;;|   × the field `name` of `account` has no value
;;|     ╭─[records/no-value.scm:24:11]
;;|  23 │
;;|  24 │ (account (name))
;;|     ·           ──┬─
;;|     ·             ╰── expected (name VALUE)
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

(account (name))
