;; Lambda no body.
;; error:
;;| fruix::eval::malformed-form
;;|   × `lambda` expected at least 2 arguments - the bindings list and one or more expressions, found 2 instead
;;|     ╭─[syntax/lambda-no-body.scm:13:1]
;;|  12 │
;;|  13 │ (lambda (x))
;;|     · ──────┬─────
;;|     ·       ╰── here
;;|     ╰────
;;|   help: write (lambda (PARAMETER …) EXPRESSION …)

(lambda (x))
