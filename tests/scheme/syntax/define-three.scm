;; Define three.
;; error:
;;|   × `define` expected only one expression after the identifier
;;|     ╭─[syntax/define-three.scm:12:1]
;;|  11 │
;;|  12 │ (define x 1 2)
;;|     · ───────┬──────
;;|     ·        ╰── here
;;|     ╰────
;;|   help: write (define NAME VALUE), or (define (NAME PARAMETER …) EXPRESSION …)

(define x 1 2)
