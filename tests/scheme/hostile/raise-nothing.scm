;; `raise-error` without an argument, which the interpreter's own code takes for granted.
;; error:
;;| fruix::eval::failed
;;|   × raise-error: expected 1 argument, found 0
;;|     ╭─[hostile/raise-nothing.scm:14:1]
;;|  13 │
;;|  14 │ (fail)
;;|     · ───┬──
;;|     ·    ╰── here
;;|     ╰────

(define (fail) (raise-error))

(fail)
