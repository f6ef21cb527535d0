;; A symbol that is none of the choices.
;; error:
;;| fruix::eval::field-type
;;|   × the field `shell` of `account` cannot be the symbol zsh
;;|     ╭─[records/enumeration.scm:24:30]
;;|  23 │
;;|  24 │ (account (name "joe") (shell 'zsh))
;;|     ·                              ──┬─
;;|     ·                                ╰── expected one of 'sh or 'csh
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

(account (name "joe") (shell 'zsh))
