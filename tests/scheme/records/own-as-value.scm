;; The constructor of the user's own type as a value.
;; error:
;;| fruix::eval::form-as-value
;;|   × `t` is a form, and no value
;;|     ╭─[records/own-as-value.scm:16:6]
;;|  15 │   (a string))
;;|  16 │ (map t '(1 2))
;;|     ·      ┬
;;|     ·      ╰── not known here
;;|     ╰────
;;|   help: write (t …), with a `lambda` around it where a procedure is needed

(use-modules (fruix records))
(define-record-type* t
  (a string))
(map t '(1 2))
