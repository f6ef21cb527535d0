;; A default of the wrong type.
;; error:
;;| fruix::eval::field-type
;;|   × the field `name` of `host` cannot be the integer 5
;;|     ╭─[records/default-type.scm:16:2]
;;|  15 │
;;|  16 │ (host)
;;|     ·  ──┬─
;;|     ·    ╰── the default of `name` must be a string
;;|     ╰────

(use-modules (fruix records))

(define-record-type* host (name string (default 5)))

(host)
