;; A malformed define.
;; error:
;;| fruix::eval::malformed-form
;;|   × define has neither head nor body
;;|     ╭─[syntax/bad-define.scm:13:1]
;;|  12 │
;;|  13 │ (define)
;;|     · ────┬───
;;|     ·     ╰── here
;;|     ╰────
;;|   help: write (define NAME VALUE), or (define (NAME PARAMETER …) EXPRESSION …)

(define)
