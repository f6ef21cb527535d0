;; A field that could not be given.
;; error:
;;|   × a field cannot be called `inherit`
;;|     ╭─[records/field-inherit.scm:14:4]
;;|  13 │ (define-record-type* t
;;|  14 │   (inherit string))
;;|     ·    ───┬───
;;|     ·       ╰── in a constructor, this names a record to take other fields from
;;|  15 │ 5
;;|     ╰────

(use-modules (fruix records))
(define-record-type* t
  (inherit string))
5
