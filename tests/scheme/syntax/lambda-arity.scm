;; Lambda arity.
;; error:
;;| fruix::eval::wrong-arguments
;;|   × anonymous function expected 1 argument, found 2
;;|     ╭─[syntax/lambda-arity.scm:12:2]
;;|  11 │
;;|  12 │ ((lambda (x) x) 1 2)
;;|     ·  ───────┬──────
;;|     ·         ╰── in this call
;;|     ╰────

((lambda (x) x) 1 2)
