;; Several independent errors, in several records.
;; error:
;;|   × `account` has no field `nam`
;;|     ╭─[records/several-errors.scm:59:23]
;;|  58 │
;;|  59 │ (define joe (account (nam "joe")))
;;|     ·                       ─┬─
;;|     ·                        ╰── unknown field
;;|  60 │ (list joe (account (name 'jim) (uid -1) (uid 2)) (account (inherit joe) (shell "sh")))
;;|     ╰────
;;|   help: did you mean `name`?
;;| Error:
;;|   × the field `name` of `account` cannot be the symbol jim
;;|     ╭─[records/several-errors.scm:60:26]
;;|  59 │ (define joe (account (nam "joe")))
;;|  60 │ (list joe (account (name 'jim) (uid -1) (uid 2)) (account (inherit joe) (shell "sh")))
;;|     ·                          ──┬─
;;|     ·                            ╰── expected a string
;;|     ╰────
;;| Error:
;;|   × the field `uid` of `account` cannot be the integer -1
;;|     ╭─[records/several-errors.scm:60:37]
;;|  59 │ (define joe (account (nam "joe")))
;;|  60 │ (list joe (account (name 'jim) (uid -1) (uid 2)) (account (inherit joe) (shell "sh")))
;;|     ·                                     ─┬
;;|     ·                                      ╰── expected an integer from 0 to 65533
;;|     ╰────
;;| Error:
;;|   × the field `uid` of `account` is given twice
;;|     ╭─[records/several-errors.scm:60:42]
;;|  59 │ (define joe (account (nam "joe")))
;;|  60 │ (list joe (account (name 'jim) (uid -1) (uid 2)) (account (inherit joe) (shell "sh")))
;;|     ·                                 ─┬─      ─┬─
;;|     ·                                  │        ╰── given again here
;;|     ·                                  ╰── first given here
;;|     ╰────
;;|   help: remove one of the two
;;| Error:
;;|   × the field `shell` of `account` cannot be the string "sh"
;;|     ╭─[records/several-errors.scm:60:80]
;;|  59 │ (define joe (account (nam "joe")))
;;|  60 │ (list joe (account (name 'jim) (uid -1) (uid 2)) (account (inherit joe) (shell "sh")))
;;|     ·                                                                                ──┬─
;;|     ·                                                                                  ╰── expected one of 'sh or 'csh
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

(define joe (account (nam "joe")))
(list joe (account (name 'jim) (uid -1) (uid 2)) (account (inherit joe) (shell "sh")))
