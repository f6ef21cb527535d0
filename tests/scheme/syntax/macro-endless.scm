;; A macro that expands to itself whatever it is given.
;; error:
;;|   × the macro `loop` expands without end
;;|     ╭─[syntax/macro-endless.scm:13:16]
;;|  12 │
;;|  13 │ (define-syntax loop (syntax-rules () [(_ x) (loop (x x))]))
;;|     ·                ──┬─
;;|     ·                  ╰── each of its rules uses it again, or another such macro
;;|  14 │ (loop 1)
;;|     ╰────
;;|   help: add a rule that does not

(define-syntax loop (syntax-rules () [(_ x) (loop (x x))]))
(loop 1)
