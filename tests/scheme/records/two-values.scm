;; A clause with two values.
;; error:
;;| fruix::eval::malformed-field
;;|   × the field `groups` of `account` has 2 values
;;|     ╭─[records/two-values.scm:25:23]
;;|  24 │
;;|  25 │ (account (name "joe") (groups "wheel" "operator"))
;;|     ·                       ─────────────┬─────────────
;;|     ·                                    ╰── expected one value
;;|     ╰────
;;|   help: put several values in a list: (groups (list …))

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

(account (name "joe") (groups "wheel" "operator"))
