;; A check that cannot be given the value.
;; error:
;;| fruix::eval::failed
;;|   × the check of the field `a` of `t` takes 0 arguments
;;|     ╭─[records/check-without-parameter.scm:15:1]
;;|  14 │     (use-modules (fruix records))
;;|  15 │ ╭─▶ (define-record-type* t
;;|  16 │ ├─▶   (a string (check (lambda () #f))))
;;|     · ╰──── here
;;|  17 │     (t (a "x"))
;;|     ╰────
;;|   help: it is given the value alone

(use-modules (fruix records))
(define-record-type* t
  (a string (check (lambda () #f))))
(t (a "x"))
