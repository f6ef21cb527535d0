;; Inheriting twice.
;; error:
;;| fruix::eval::repeated-field
;;|   × the field `inherit` of `account` is given twice
;;|     ╭─[records/inherit-twice.scm:27:25]
;;|  26 │ (define joe (account (name "joe")))
;;|  27 │ (account (inherit joe) (inherit joe))
;;|     ·           ───┬───       ───┬───
;;|     ·              │             ╰── given again here
;;|     ·              ╰── first given here
;;|     ╰────
;;|   help: remove one of the two

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

(define joe (account (name "joe")))
(account (inherit joe) (inherit joe))
