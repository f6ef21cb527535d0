;; A thunked default gives something of the wrong type.
;; error:
;;|   × the field `port` of `site` cannot be the string "one"
;;|     ╭─[records/thunked-default-wrong-type.scm:18:14]
;;|  17 │
;;|  18 │ (define one (site (name "one")))
;;|     ·              ──┬─
;;|     ·                ╰── the default of `port` must be an integer
;;|  19 │
;;|     ╰────

(use-modules (fruix records))

(define-record-type* site
  (name string)
  (port integer (default (site-name this-record)) (thunked)))

(define one (site (name "one")))

(+ 1 (site-port one))
