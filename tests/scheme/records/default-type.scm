;; A default of the wrong type.
;; error:
;;|   × the field `name` of `host` cannot be the integer 5
;;|     ╭─[records/default-type.scm:15:2]
;;|  14 │
;;|  15 │ (host)
;;|     ·  ──┬─
;;|     ·    ╰── the default of `name` must be a string
;;|     ╰────

(use-modules (fruix records))

(define-record-type* host (name string (default 5)))

(host)
