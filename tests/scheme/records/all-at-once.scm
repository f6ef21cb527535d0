;; A field of another type, an unknown one, and one that fails its check.
;; error:
;;| fruix::eval::missing-field
;;|   × `t` lacks the field `c`
;;|     ╭─[records/all-at-once.scm:43:8]
;;|  42 │   (c string))
;;|  43 │ (list (t (a 5) (b 1) (d 3)))
;;|     ·        ┬
;;|     ·        ╰── the field `c` must be given
;;|     ╰────
;;|   help: add (c …): a string
;;| Error: fruix::eval::field-type
;;|   × the field `a` of `t` cannot be the integer 5
;;|     ╭─[records/all-at-once.scm:43:13]
;;|  42 │   (c string))
;;|  43 │ (list (t (a 5) (b 1) (d 3)))
;;|     ·             ┬
;;|     ·             ╰── expected a string
;;|     ╰────
;;| Error: fruix::eval::invalid-field
;;|   × the field `b` of `t` is invalid
;;|     ╭─[records/all-at-once.scm:43:19]
;;|  42 │   (c string))
;;|  43 │ (list (t (a 5) (b 1) (d 3)))
;;|     ·                   ┬
;;|     ·                   ╰── too small
;;|     ╰────
;;| Error: fruix::eval::unknown-field
;;|   × `t` has no field `d`
;;|     ╭─[records/all-at-once.scm:43:23]
;;|  42 │   (c string))
;;|  43 │ (list (t (a 5) (b 1) (d 3)))
;;|     ·                       ┬
;;|     ·                       ╰── unknown field
;;|     ╰────
;;|   help: its fields are: a, b, c

(use-modules (fruix records))
(define-record-type* t
  (a string)
  (b integer (check (lambda (b) (and (< b 5) "too small"))))
  (c string))
(list (t (a 5) (b 1) (d 3)))
