;; Inheriting from something else.
;; error:
;;| fruix::eval::field-type
;;|   × `account` cannot inherit from the string "joe"
;;|     ╭─[records/inherit-wrong.scm:24:19]
;;|  23 │
;;|  24 │ (account (inherit "joe") (name "jim"))
;;|     ·                   ──┬──
;;|     ·                     ╰── expected an `account` record
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

(account (inherit "joe") (name "jim"))
