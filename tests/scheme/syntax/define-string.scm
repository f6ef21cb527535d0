;; Define string.
;; error:
;;| fruix::eval::malformed-form
;;|   × `define` expected an identifier, found "x"
;;|     ╭─[syntax/define-string.scm:13:1]
;;|  12 │
;;|  13 │ (define "x" 1)
;;|     · ───────┬──────
;;|     ·        ╰── here
;;|     ╰────
;;|   help: write (define NAME VALUE), or (define (NAME PARAMETER …) EXPRESSION …)

(define "x" 1)
