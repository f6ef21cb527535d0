;; Lambda no body.
;; error:
;;|   × `lambda` expected at least 2 arguments - the bindings list and one or more expressions, found 2 instead
;;|     ╭─[syntax/lambda-no-body.scm:12:1]
;;|  11 │
;;|  12 │ (lambda (x))
;;|     · ──────┬─────
;;|     ·       ╰── here
;;|     ╰────
;;|   help: write (lambda (PARAMETER …) EXPRESSION …)

(lambda (x))
