;; Define nothing.
;; error:
;;|   × define statement expected a body, found none
;;|     ╭─[syntax/define-nothing.scm:12:1]
;;|  11 │
;;|  12 │ (define x)
;;|     · ─────┬────
;;|     ·      ╰── here
;;|     ╰────
;;|   help: write (define NAME VALUE), or (define (NAME PARAMETER …) EXPRESSION …)

(define x)
