;; The odd value of an association list.
;; error:
;;| fruix::eval::field-type
;;|   × the field `limits` of `account` holds the string "much"
;;|     ╭─[records/alist-value.scm:24:34]
;;|  23 │
;;|  24 │ (account (name "joe") (limits '((files . 5) (cpu . "much"))))
;;|     ·                                  ────────────┬───────────
;;|     ·                                              ╰── expected an integer
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

(account (name "joe") (limits '((files . 5) (cpu . "much"))))
