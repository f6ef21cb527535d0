;; Errors of a record with lazy fields are reported together; what is not evaluated is not reported.
;; error:
;;|   × the field `name` of `site` cannot be the integer 5
;;|     ╭─[records/lazy-and-errors.scm:46:19]
;;|  45 │
;;|  46 │ (list (site (name 5) (port "x") (url (car '())))
;;|     ·                   ┬
;;|     ·                   ╰── expected a string
;;|  47 │       (site (nme "x") (url 7))
;;|     ╰────
;;| Error:
;;|   × the field `port` of `site` cannot be the string "x"
;;|     ╭─[records/lazy-and-errors.scm:46:28]
;;|  45 │
;;|  46 │ (list (site (name 5) (port "x") (url (car '())))
;;|     ·                            ─┬─
;;|     ·                             ╰── expected an integer from 1 to 65535
;;|  47 │       (site (nme "x") (url 7))
;;|     ╰────
;;| Error:
;;|   × `site` has no field `nme`
;;|     ╭─[records/lazy-and-errors.scm:47:14]
;;|  46 │ (list (site (name 5) (port "x") (url (car '())))
;;|  47 │       (site (nme "x") (url 7))
;;|     ·              ─┬─
;;|     ·               ╰── unknown field
;;|  48 │       (site (name "y") (port 0) (url 7)))
;;|     ╰────
;;|   help: did you mean `name`?
;;| Error:
;;|   × the field `port` of `site` cannot be the integer 0
;;|     ╭─[records/lazy-and-errors.scm:48:30]
;;|  47 │       (site (nme "x") (url 7))
;;|  48 │       (site (name "y") (port 0) (url 7)))
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
