;; A malformed lambda.
;; error:
;;|   × lambda expected at least 2 arguments - the bindings list and one or more expressions, found 1 instead
;;|     ╭─[syntax/bad-lambda.scm:11:1]
;;|  10 │
;;|  11 │ (lambda)
;;|     · ────┬───
;;|     ·     ╰── here
;;|     ╰────

(lambda)
