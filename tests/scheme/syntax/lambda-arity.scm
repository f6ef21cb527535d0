;; Lambda arity.
;; error:
;;|   × anonymous function expected 1 argument, found 2
;;|     ╭─[syntax/lambda-arity.scm:11:2]
;;|  10 │
;;|  11 │ ((lambda (x) x) 1 2)
;;|     ·  ───────┬──────
;;|     ·         ╰── in this call
;;|     ╰────

((lambda (x) x) 1 2)
