;; The same in a field.
;; error:
;;|   × the field `a` of `t` cannot be the list (((((((((((((((((((((((((((((((((((((((…
;;|     ╭─[hostile/exponential-field.scm:25:7]
;;|  24 │   (b (list-of string)))
;;|  25 │ (t (a (nest 60 1)) (b (nest 60 1)))
;;|     ·       ─────┬─────
;;|     ·            ╰── expected a string
;;|     ╰────
;;| Error:
;;|   × the field `b` of `t` holds the list (((((((((((((((((((((((((((((((((((((((…
;;|     ╭─[hostile/exponential-field.scm:25:23]
;;|  24 │   (b (list-of string)))
;;|  25 │ (t (a (nest 60 1)) (b (nest 60 1)))
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
