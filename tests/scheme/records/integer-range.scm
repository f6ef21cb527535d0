;; An integer out of range.
;; error:
;;| fruix::eval::field-type
;;|   × the field `uid` of `account` cannot be the integer 65534
;;|     ╭─[records/integer-range.scm:24:28]
;;|  23 │
;;|  24 │ (account (name "joe") (uid 65534))
;;|     ·                            ──┬──
;;|     ·                              ╰── expected an integer from 0 to 65533
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

(account (name "joe") (uid 65534))
