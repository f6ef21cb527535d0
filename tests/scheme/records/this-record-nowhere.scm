;; `this-record` in a value of a type without thunked fields.
;; error:
;;| fruix::eval::unbound-name
;;|   × `this-record` is not defined
;;|     ╭─[records/this-record-nowhere.scm:17:38]
;;|  16 │
;;|  17 │ (site (name "one") (title (site-name this-record)))
;;|     ·                                      ─────┬─────
;;|     ·                                           ╰── not known here
;;|     ╰────
;;|   help: only defaults of fields, and values of thunked fields, see their record

(use-modules (fruix records))

(define-record-type* site (name string) (title string))

(site (name "one") (title (site-name this-record)))
