;; A check that is none.
;; error:
;;| fruix::eval::failed
;;|   × the check of the field `a` of `t` is no procedure, but the string "must not be empty"
;;|     ╭─[records/check-no-procedure.scm:14:1]
;;|  13 │     (use-modules (fruix records))
;;|  14 │ ╭─▶ (define-record-type* t
;;|  15 │ ├─▶   (a string (check "must not be empty")))
;;|     · ╰──── here
;;|  16 │     (t (a "x"))
;;|     ╰────

(use-modules (fruix records))
(define-record-type* t
  (a string (check "must not be empty")))
(t (a "x"))
