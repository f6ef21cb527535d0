;; `iter-next!` without an argument, which the interpreter's own code takes for granted.
;; error:
;;| fruix::eval::failed
;;|   × iter-next!: expected 1 argument, found 0
;;|     ╭─[hostile/iterate-over-nothing.scm:14:1]
;;|  13 │
;;|  14 │ (next)
;;|     · ───┬──
;;|     ·    ╰── here
;;|     ╰────

(define (next) (iter-next!))

(next)
