;; A check across records points at both.
;; error:
;;| fruix::eval::inconsistent
;;|   × two accounts have the uid 5
;;|     ╭─[records/two-places.scm:30:40]
;;|  28 │
;;|  29 │ (define joe (account (name "joe") (uid 5)))
;;|     ·                                        ┬
;;|     ·                                        ╰── first given here
;;|  30 │ (define jim (account (name "jim") (uid 5)))
;;|     ·                                        ┬
;;|     ·                                        ╰── given again here
;;|  31 │ (record-error jim 'uid "two accounts have the uid 5" "given again here" "choose another uid"
;;|     ╰────
;;|   help: choose another uid

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

(define joe (account (name "joe") (uid 5)))
(define jim (account (name "jim") (uid 5)))
(record-error jim 'uid "two accounts have the uid 5" "given again here" "choose another uid"
              (list (list (record-place joe 'uid) "first given here")))
