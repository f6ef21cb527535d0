;; A malformed lambda.
;; error:
;;|   × `lambda` expected at least 2 arguments - the bindings list and one or more expressions, found 1 instead
;;|     ╭─[syntax/bad-lambda.scm:12:1]
;;|  11 │
;;|  12 │ (lambda)
;;|     · ────┬───
;;|     ·     ╰── here
;;|     ╰────
;;|   help: write (lambda (PARAMETER …) EXPRESSION …)

(lambda)
