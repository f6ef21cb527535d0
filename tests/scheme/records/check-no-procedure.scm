;; A check that is none.
;; error:
;;|   × the check of the field `a` of `t` is no procedure, but the string "must not be empty"
;;|     ╭─[records/check-no-procedure.scm:13:1]
;;|  12 │     (use-modules (fruix records))
;;|  13 │ ╭─▶ (define-record-type* t
;;|  14 │ ├─▶   (a string (check "must not be empty")))
;;|     · ╰──── here
;;|  15 │     (t (a "x"))
;;|     ╰────

(use-modules (fruix records))
(define-record-type* t
  (a string (check "must not be empty")))
(t (a "x"))
