;; An unknown field with a near name.
;; error:
;;| fruix::eval::unknown-field
;;|   × `account` has no field `nam`
;;|     ╭─[records/unknown-field.scm:25:11]
;;|  24 │
;;|  25 │ (account (nam "joe"))
;;|     ·           ─┬─
;;|     ·            ╰── unknown field
;;|     ╰────
;;|   help: did you mean `name`?

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

(account (nam "joe"))
