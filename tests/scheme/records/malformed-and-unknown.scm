;; A clause without a value does not hide what else is wrong.
;; error:
;;| fruix::eval::field-type
;;|   × the field `name` of `thing` has no value
;;|     ╭─[records/malformed-and-unknown.scm:35:15]
;;|  34 │   (size integer))
;;|  35 │ (list (thing (name) (sise 5) (size 1) (size 2)))
;;|     ·               ──┬─
;;|     ·                 ╰── expected (name VALUE)
;;|     ╰────
;;| Error: fruix::eval::unknown-field
;;|   × `thing` has no field `sise`
;;|     ╭─[records/malformed-and-unknown.scm:35:21]
;;|  34 │   (size integer))
;;|  35 │ (list (thing (name) (sise 5) (size 1) (size 2)))
;;|     ·                     ────┬───
;;|     ·                         ╰── unknown field
;;|     ╰────
;;|   help: did you mean `size`?
;;| Error: fruix::eval::repeated-field
;;|   × the field `size` of `thing` is given twice
;;|     ╭─[records/malformed-and-unknown.scm:35:39]
;;|  34 │   (size integer))
;;|  35 │ (list (thing (name) (sise 5) (size 1) (size 2)))
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
