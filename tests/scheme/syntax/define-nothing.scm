;; Define nothing.
;; error:
;;| fruix::eval::malformed-form
;;|   × define statement expected a body, found none
;;|     ╭─[syntax/define-nothing.scm:13:1]
;;|  12 │
;;|  13 │ (define x)
;;|     · ─────┬────
;;|     ·      ╰── here
;;|     ╰────
;;|   help: write (define NAME VALUE), or (define (NAME PARAMETER …) EXPRESSION …)

(define x)
