;; An accessor of another type.
;; error:
;;| fruix::eval::failed
;;|   × account-name: expected an `account` record, got the string "joe"
;;|     ╭─[records/accessor-misuse.scm:25:1]
;;|  24 │ (define (name-of thing) (account-name thing))
;;|  25 │ (string-length (name-of "joe"))
;;|     · ───────────────┬───────────────
;;|     ·                ╰── here
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

(define (name-of thing) (account-name thing))
(string-length (name-of "joe"))
