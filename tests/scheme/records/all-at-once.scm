;; A field of another type, an unknown one, and one that fails its check.
;; error:
;;|   × `t` lacks the field `c`
;;|     ╭─[records/all-at-once.scm:42:8]
;;|  41 │   (c string))
;;|  42 │ (list (t (a 5) (b 1) (d 3)))
;;|     ·        ┬
;;|     ·        ╰── the field `c` must be given
;;|     ╰────
;;|   help: add (c …): a string
;;| Error:
;;|   × the field `a` of `t` cannot be the integer 5
;;|     ╭─[records/all-at-once.scm:42:13]
;;|  41 │   (c string))
;;|  42 │ (list (t (a 5) (b 1) (d 3)))
;;|     ·             ┬
;;|     ·             ╰── expected a string
;;|     ╰────
;;| Error:
;;|   × the field `b` of `t` is invalid
;;|     ╭─[records/all-at-once.scm:42:19]
;;|  41 │   (c string))
;;|  42 │ (list (t (a 5) (b 1) (d 3)))
;;|     ·                   ┬
;;|     ·                   ╰── too small
;;|     ╰────
;;| Error:
;;|   × `t` has no field `d`
;;|     ╭─[records/all-at-once.scm:42:23]
;;|  41 │   (c string))
;;|  42 │ (list (t (a 5) (b 1) (d 3)))
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
