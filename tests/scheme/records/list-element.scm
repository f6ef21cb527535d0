;; The odd element of a list written in place.
;; error:
;;| fruix::eval::field-type
;;|   × the field `groups` of `account` holds the symbol operator
;;|     ╭─[records/list-element.scm:25:32]
;;|  24 │ (account (name "joe")
;;|  25 │          (groups (list "wheel" 'operator "staff")))
;;|     ·                                ────┬────
;;|     ·                                    ╰── expected a string
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

(account (name "joe")
         (groups (list "wheel" 'operator "staff")))
