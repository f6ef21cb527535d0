;; Define string.
;; error:
;;|   × `define` expected an identifier, found "x"
;;|     ╭─[syntax/define-string.scm:12:1]
;;|  11 │
;;|  12 │ (define "x" 1)
;;|     · ───────┬──────
;;|     ·        ╰── here
;;|     ╰────
;;|   help: write (define NAME VALUE), or (define (NAME PARAMETER …) EXPRESSION …)

(define "x" 1)
