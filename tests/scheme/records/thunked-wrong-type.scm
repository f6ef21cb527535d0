;; A thunk gives something of the wrong type: the field is blamed, not the access.
;; error:
;;| fruix::eval::field-type
;;|   × the field `port` of `site` cannot be the string "one80"
;;|     ╭─[records/thunked-wrong-type.scm:21:15]
;;|  20 │   (site (name "one")
;;|  21 │         (port (string-append (site-name this-record) "80"))))
;;|     ·               ──────────────────────┬─────────────────────
;;|     ·                                     ╰── expected an integer from 1 to 65535
;;|  22 │ (define (ports sites) (map site-port sites))
;;|     ╰────

(use-modules (fruix records))

(define-record-type* site
  (name string)
  (port (integer 1 65535) (thunked)))

(define one
  (site (name "one")
        (port (string-append (site-name this-record) "80"))))
(define (ports sites) (map site-port sites))
(ports (list one))
