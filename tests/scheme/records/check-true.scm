;; A check that answers the wrong way round.
;; error:
;;| fruix::eval::invalid-field
;;|   × the check of the field `a` of `t` gives #t
;;|     ╭─[records/check-true.scm:16:7]
;;|  15 │   (a string (check string?)))
;;|  16 │ (t (a "x"))
;;|     ·       ─┬─
;;|     ·        ╰── given this value
;;|     ╰────
;;|   help: a check gives #f, or a text that says what is wrong with the value

(use-modules (fruix records))
(define-record-type* t
  (a string (check string?)))
(t (a "x"))
