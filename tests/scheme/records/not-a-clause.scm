;; Something that is no clause.
;; error:
;;| fruix::eval::malformed-field
;;|   × `account` takes fields, not the string "joe"
;;|     ╭─[records/not-a-clause.scm:24:10]
;;|  23 │
;;|  24 │ (account "joe" (uid 5))
;;|     ·          ──┬──
;;|     ·            ╰── expected (field value)
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

(account "joe" (uid 5))
