;; A clause without a value does not hide what else is wrong.
;; error:
;;|   × the field `name` of `thing` has no value
;;|     ╭─[records/malformed-and-unknown.scm:34:15]
;;|  33 │   (size integer))
;;|  34 │ (list (thing (name) (sise 5) (size 1) (size 2)))
;;|     ·               ──┬─
;;|     ·                 ╰── expected (name VALUE)
;;|     ╰────
;;| Error:
;;|   × `thing` has no field `sise`
;;|     ╭─[records/malformed-and-unknown.scm:34:21]
;;|  33 │   (size integer))
;;|  34 │ (list (thing (name) (sise 5) (size 1) (size 2)))
;;|     ·                     ────┬───
;;|     ·                         ╰── unknown field
;;|     ╰────
;;|   help: did you mean `size`?
;;| Error:
;;|   × the field `size` of `thing` is given twice
;;|     ╭─[records/malformed-and-unknown.scm:34:39]
;;|  33 │   (size integer))
;;|  34 │ (list (thing (name) (sise 5) (size 1) (size 2)))
;;|     ·                              ────┬─── ────┬───
;;|     ·                                  │        ╰── given again here
;;|     ·                                  ╰── first given here
;;|     ╰────
;;|   help: remove one of the two

(use-modules (fruix records))
(define-record-type* thing
  (name string)
  (size integer))
(list (thing (name) (sise 5) (size 1) (size 2)))
