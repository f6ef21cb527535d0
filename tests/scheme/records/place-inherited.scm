;; A field that was inherited is where the base was written.
;; error:
;;| fruix::eval::inconsistent
;;|   × not this uid
;;|     ╭─[records/place-inherited.scm:25:40]
;;|  24 │
;;|  25 │ (define joe (account (name "joe") (uid 5)))
;;|     ·                                        ┬
;;|     ·                                        ╰── here
;;|  26 │ (define jim (account (inherit joe) (name "jim")))
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

(define joe (account (name "joe") (uid 5)))
(define jim (account (inherit joe) (name "jim")))
(record-error jim 'uid "not this uid")
