;; The same in a field.
;; error:
;;| fruix::eval::field-type
;;|   × the field `a` of `t` cannot be the list (((((((((((((((((((((((((((((((((((((((…
;;|     ╭─[hostile/exponential-field.scm:26:7]
;;|  25 │   (b (list-of string)))
;;|  26 │ (t (a (nest 60 1)) (b (nest 60 1)))
;;|     ·       ─────┬─────
;;|     ·            ╰── expected a string
;;|     ╰────
;;| Error: fruix::eval::field-type
;;|   × the field `b` of `t` holds the list (((((((((((((((((((((((((((((((((((((((…
;;|     ╭─[hostile/exponential-field.scm:26:23]
;;|  25 │   (b (list-of string)))
;;|  26 │ (t (a (nest 60 1)) (b (nest 60 1)))
;;|     ·                       ─────┬─────
;;|     ·                            ╰── expected a string
;;|     ╰────

(use-modules (fruix records))
(define (nest n v)
  (if (= n 0) v (nest (- n 1) (list v v))))
(define-record-type* t
  (a string)
  (b (list-of string)))
(t (a (nest 60 1)) (b (nest 60 1)))
