;; `this-record` where the field is not thunked.
;; error:
;;| fruix::eval::failed
;;|   × site-name: the value of this field cannot see its record
;;|     ╭─[records/this-record-eager.scm:20:27]
;;|  19 │
;;|  20 │ (site (name "one") (title (site-name this-record)) (url "x"))
;;|     ·                           ───────────┬───────────
;;|     ·                                      ╰── here
;;|     ╰────
;;|   help: add (thunked) to the definition of the field

(use-modules (fruix records))

(define-record-type* site
  (name string)
  (title string)
  (url string (thunked)))

(site (name "one") (title (site-name this-record)) (url "x"))
