;; Lambda nothing.
;; error:
;;| fruix::eval::malformed-form
;;|   × `lambda` expected at least 2 arguments - the bindings list and one or more expressions, found 1 instead
;;|     ╭─[syntax/lambda-nothing.scm:13:1]
;;|  12 │
;;|  13 │ (lambda)
;;|     · ────┬───
;;|     ·     ╰── here
;;|     ╰────
;;|   help: write (lambda (PARAMETER …) EXPRESSION …)

(lambda)
