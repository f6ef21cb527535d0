;; Lambda number.
;; error:
;;| fruix::eval::malformed-form
;;|   × `lambda` expected an identifier for the arguments, found 1
;;|     ╭─[syntax/lambda-number.scm:13:1]
;;|  12 │
;;|  13 │ (lambda (1) 1)
;;|     · ───────┬──────
;;|     ·        ╰── here
;;|     ╰────
;;|   help: write (lambda (PARAMETER …) EXPRESSION …)

(lambda (1) 1)
