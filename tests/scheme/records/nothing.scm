;; A value that is nothing.
;; error:
;;| fruix::eval::field-type
;;|   × the field `name` of `account` has no value
;;|     ╭─[records/nothing.scm:24:16]
;;|  23 │
;;|  24 │ (account (name (if #f #f)))
;;|     ·                ─────┬────
;;|     ·                     ╰── this expression gives nothing; expected a string
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

(account (name (if #f #f)))
