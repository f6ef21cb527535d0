;; Define three.
;; error:
;;| fruix::eval::malformed-form
;;|   × `define` expected only one expression after the identifier
;;|     ╭─[syntax/define-three.scm:13:1]
;;|  12 │
;;|  13 │ (define x 1 2)
;;|     · ───────┬──────
;;|     ·        ╰── here
;;|     ╰────
;;|   help: write (define NAME VALUE), or (define (NAME PARAMETER …) EXPRESSION …)

(define x 1 2)
