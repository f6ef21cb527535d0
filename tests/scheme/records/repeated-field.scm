;; A field is given twice.
;; error:
;;| fruix::eval::repeated-field
;;|   × the field `name` of `account` is given twice
;;|     ╭─[records/repeated-field.scm:31:11]
;;|  28 │
;;|  29 │ (account (name "joe")
;;|     ·           ──┬─
;;|     ·             ╰── first given here
;;|  30 │          (uid 5)
;;|  31 │          (name "jim"))
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
