;; Neither #f nor the type.
;; error:
;;| fruix::eval::field-type
;;|   × the field `note` of `account` cannot be the symbol x
;;|     ╭─[records/maybe-wrong.scm:24:29]
;;|  23 │
;;|  24 │ (account (name "joe") (note 'x))
;;|     ·                             ─┬
;;|     ·                              ╰── expected a string or #f
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

(account (name "joe") (note 'x))
