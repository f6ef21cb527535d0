;; Errors of a record with lazy fields are reported together; what is not evaluated is not reported.
;; error:
;;| fruix::eval::field-type
;;|   × the field `name` of `site` cannot be the integer 5
;;|     ╭─[records/lazy-and-errors.scm:47:19]
;;|  46 │
;;|  47 │ (list (site (name 5) (port "x") (url (car '())))
;;|     ·                   ┬
;;|     ·                   ╰── expected a string
;;|  48 │       (site (nme "x") (url 7))
;;|     ╰────
;;| Error: fruix::eval::field-type
;;|   × the field `port` of `site` cannot be the string "x"
;;|     ╭─[records/lazy-and-errors.scm:47:28]
;;|  46 │
;;|  47 │ (list (site (name 5) (port "x") (url (car '())))
;;|     ·                            ─┬─
;;|     ·                             ╰── expected an integer from 1 to 65535
;;|  48 │       (site (nme "x") (url 7))
;;|     ╰────
;;| Error: fruix::eval::unknown-field
;;|   × `site` has no field `nme`
;;|     ╭─[records/lazy-and-errors.scm:48:14]
;;|  47 │ (list (site (name 5) (port "x") (url (car '())))
;;|  48 │       (site (nme "x") (url 7))
;;|     ·              ─┬─
;;|     ·               ╰── unknown field
;;|  49 │       (site (name "y") (port 0) (url 7)))
;;|     ╰────
;;|   help: did you mean `name`?
;;| Error: fruix::eval::field-type
;;|   × the field `port` of `site` cannot be the integer 0
;;|     ╭─[records/lazy-and-errors.scm:49:30]
;;|  48 │       (site (nme "x") (url 7))
;;|  49 │       (site (name "y") (port 0) (url 7)))
;;|     ·                              ┬
;;|     ·                              ╰── expected an integer from 1 to 65535
;;|     ╰────

(use-modules (fruix records))

(define-record-type* site
  (name string)
  (port (integer 1 65535) (default 80))
  (url string (thunked)))

(list (site (name 5) (port "x") (url (car '())))
      (site (nme "x") (url 7))
      (site (name "y") (port 0) (url 7)))
