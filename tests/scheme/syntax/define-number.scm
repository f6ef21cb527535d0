;; Define number.
;; error:
;;|   × `define` expected an identifier, found 5
;;|     ╭─[syntax/define-number.scm:12:1]
;;|  11 │
;;|  12 │ (define 5 1)
;;|     · ──────┬─────
;;|     ·       ╰── here
;;|     ╰────
;;|   help: write (define NAME VALUE), or (define (NAME PARAMETER …) EXPRESSION …)

(define 5 1)
