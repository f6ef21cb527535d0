;; Define number.
;; error:
;;| fruix::eval::malformed-form
;;|   × `define` expected an identifier, found 5
;;|     ╭─[syntax/define-number.scm:13:1]
;;|  12 │
;;|  13 │ (define 5 1)
;;|     · ──────┬─────
;;|     ·       ╰── here
;;|     ╰────
;;|   help: write (define NAME VALUE), or (define (NAME PARAMETER …) EXPRESSION …)

(define 5 1)
