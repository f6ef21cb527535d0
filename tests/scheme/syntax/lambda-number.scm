;; Lambda number.
;; error:
;;|   × `lambda` expected an identifier for the arguments, found 1
;;|     ╭─[syntax/lambda-number.scm:12:1]
;;|  11 │
;;|  12 │ (lambda (1) 1)
;;|     · ───────┬──────
;;|     ·        ╰── here
;;|     ╰────
;;|   help: write (lambda (PARAMETER …) EXPRESSION …)

(lambda (1) 1)
