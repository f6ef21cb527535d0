;; A thunk gives something of the wrong type: the field is blamed, not the access.
;; error:
;;|   × the field `port` of `site` cannot be the string "one80"
;;|     ╭─[records/thunked-wrong-type.scm:20:15]
;;|  19 │   (site (name "one")
;;|  20 │         (port (string-append (site-name this-record) "80"))))
;;|     ·               ──────────────────────┬─────────────────────
;;|     ·                                     ╰── expected an integer from 1 to 65535
;;|  21 │ (define (ports sites) (map site-port sites))
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
