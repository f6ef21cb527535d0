;; A thunked default gives something of the wrong type.
;; error:
;;| fruix::eval::field-type
;;|   × the field `port` of `site` cannot be the string "one"
;;|     ╭─[records/thunked-default-wrong-type.scm:19:14]
;;|  18 │
;;|  19 │ (define one (site (name "one")))
;;|     ·              ──┬─
;;|     ·                ╰── the default of `port` must be an integer
;;|  20 │
;;|     ╰────

(use-modules (fruix records))

(define-record-type* site
  (name string)
  (port integer (default (site-name this-record)) (thunked)))

(define one (site (name "one")))

(+ 1 (site-port one))
