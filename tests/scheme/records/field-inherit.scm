;; A field that could not be given.
;; error:
;;| fruix::eval::malformed-type
;;|   × a field cannot be called `inherit`
;;|     ╭─[records/field-inherit.scm:15:4]
;;|  14 │ (define-record-type* t
;;|  15 │   (inherit string))
;;|     ·    ───┬───
;;|     ·       ╰── in a constructor, this names a record to take other fields from
;;|  16 │ 5
;;|     ╰────

(use-modules (fruix records))
(define-record-type* t
  (inherit string))
5
