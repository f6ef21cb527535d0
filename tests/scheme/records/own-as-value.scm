;; The constructor of the user's own type as a value.
;; error:
;;|   × `t` is a form, and no value
;;|     ╭─[records/own-as-value.scm:15:6]
;;|  14 │   (a string))
;;|  15 │ (map t '(1 2))
;;|     ·      ┬
;;|     ·      ╰── not known here
;;|     ╰────
;;|   help: write (t …), with a `lambda` around it where a procedure is needed

(use-modules (fruix records))
(define-record-type* t
  (a string))
(map t '(1 2))
