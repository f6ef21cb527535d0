;; An unknown field without a near name.
;; error:
;;| fruix::eval::unknown-field
;;|   × `account` has no field `kernel`
;;|     ╭─[records/unknown-field-far.scm:25:24]
;;|  24 │
;;|  25 │ (account (name "joe") (kernel 5))
;;|     ·                        ───┬──
;;|     ·                           ╰── unknown field
;;|     ╰────
;;|   help: its fields are: name, uid, home, shell, groups, limits, note

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

(account (name "joe") (kernel 5))
