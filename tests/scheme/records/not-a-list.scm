;; One value where a list is wanted.
;; error:
;;| fruix::eval::field-type
;;|   × the field `groups` of `account` cannot be the string "wheel"
;;|     ╭─[records/not-a-list.scm:24:31]
;;|  23 │
;;|  24 │ (account (name "joe") (groups "wheel"))
;;|     ·                               ───┬───
;;|     ·                                  ╰── expected a list, each element a string
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

(account (name "joe") (groups "wheel"))
