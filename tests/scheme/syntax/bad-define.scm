;; A malformed define.
;; error:
;;|   × define has neither head nor body
;;|     ╭─[syntax/bad-define.scm:12:1]
;;|  11 │
;;|  12 │ (define)
;;|     · ────┬───
;;|     ·     ╰── here
;;|     ╰────
;;|   help: write (define NAME VALUE), or (define (NAME PARAMETER …) EXPRESSION …)

(define)
