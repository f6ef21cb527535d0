;; A check that cannot be given the value.
;; error:
;;|   × the check of the field `a` of `t` takes 0 arguments
;;|     ╭─[records/check-without-parameter.scm:14:1]
;;|  13 │     (use-modules (fruix records))
;;|  14 │ ╭─▶ (define-record-type* t
;;|  15 │ ├─▶   (a string (check (lambda () #f))))
;;|     · ╰──── here
;;|  16 │     (t (a "x"))
;;|     ╰────
;;|   help: it is given the value alone

(use-modules (fruix records))
(define-record-type* t
  (a string (check (lambda () #f))))
(t (a "x"))
