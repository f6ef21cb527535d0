;; Several independent errors, in several records.
;; error:
;;| fruix::eval::unknown-field
;;|   × `account` has no field `nam`
;;|     ╭─[records/several-errors.scm:60:23]
;;|  59 │
;;|  60 │ (define joe (account (nam "joe")))
;;|     ·                       ─┬─
;;|     ·                        ╰── unknown field
;;|  61 │ (list joe (account (name 'jim) (uid -1) (uid 2)) (account (inherit joe) (shell "sh")))
;;|     ╰────
;;|   help: did you mean `name`?
;;| Error: fruix::eval::field-type
;;|   × the field `name` of `account` cannot be the symbol jim
;;|     ╭─[records/several-errors.scm:61:26]
;;|  60 │ (define joe (account (nam "joe")))
;;|  61 │ (list joe (account (name 'jim) (uid -1) (uid 2)) (account (inherit joe) (shell "sh")))
;;|     ·                          ──┬─
;;|     ·                            ╰── expected a string
;;|     ╰────
;;| Error: fruix::eval::field-type
;;|   × the field `uid` of `account` cannot be the integer -1
;;|     ╭─[records/several-errors.scm:61:37]
;;|  60 │ (define joe (account (nam "joe")))
;;|  61 │ (list joe (account (name 'jim) (uid -1) (uid 2)) (account (inherit joe) (shell "sh")))
;;|     ·                                     ─┬
;;|     ·                                      ╰── expected an integer from 0 to 65533
;;|     ╰────
;;| Error: fruix::eval::repeated-field
;;|   × the field `uid` of `account` is given twice
;;|     ╭─[records/several-errors.scm:61:42]
;;|  60 │ (define joe (account (nam "joe")))
;;|  61 │ (list joe (account (name 'jim) (uid -1) (uid 2)) (account (inherit joe) (shell "sh")))
;;|     ·                                 ─┬─      ─┬─
;;|     ·                                  │        ╰── given again here
;;|     ·                                  ╰── first given here
;;|     ╰────
;;|   help: remove one of the two
;;| Error: fruix::eval::field-type
;;|   × the field `shell` of `account` cannot be the string "sh"
;;|     ╭─[records/several-errors.scm:61:80]
;;|  60 │ (define joe (account (nam "joe")))
;;|  61 │ (list joe (account (name 'jim) (uid -1) (uid 2)) (account (inherit joe) (shell "sh")))
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
