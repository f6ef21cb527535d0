;; A required field is missing.
;; error:
;;| fruix::eval::missing-field
;;|   × `account` lacks the field `name`
;;|     ╭─[records/missing-field.scm:25:2]
;;|  24 │
;;|  25 │ (account (uid 5))
;;|     ·  ───┬───
;;|     ·     ╰── the field `name` must be given
;;|     ╰────
;;|   help: add (name …): a string

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

(account (uid 5))
