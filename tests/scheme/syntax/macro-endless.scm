;; A macro that expands to itself whatever it is given.
;; error:
;;| fruix::eval::endless-macro
;;|   × the macro `loop` expands without end
;;|     ╭─[syntax/macro-endless.scm:14:16]
;;|  13 │
;;|  14 │ (define-syntax loop (syntax-rules () [(_ x) (loop (x x))]))
;;|     ·                ──┬─
;;|     ·                  ╰── each of its rules uses it again, or another such macro
;;|  15 │ (loop 1)
;;|     ╰────
;;|   help: add a rule that does not

(define-syntax loop (syntax-rules () [(_ x) (loop (x x))]))
(loop 1)
