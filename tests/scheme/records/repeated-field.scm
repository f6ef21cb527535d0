;; A field is given twice.
;; error:
;;|   × the field `name` of `account` is given twice
;;|     ╭─[records/repeated-field.scm:30:11]
;;|  27 │
;;|  28 │ (account (name "joe")
;;|     ·           ──┬─
;;|     ·             ╰── first given here
;;|  29 │          (uid 5)
;;|  30 │          (name "jim"))
;;|     ·           ──┬─
;;|     ·             ╰── given again here
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

(account (name "joe")
         (uid 5)
         (name "jim"))
