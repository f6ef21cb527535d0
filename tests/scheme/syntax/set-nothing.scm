;; Set nothing.
;; error:
;;|   × `set!` expected an identifier and an expression
;;|     ╭─[syntax/set-nothing.scm:13:1]
;;|  12 │ (define x 1)
;;|  13 │ (set! x)
;;|     · ────┬───
;;|     ·     ╰── here
;;|     ╰────
;;|   help: write (set! NAME VALUE)

(define x 1)
(set! x)
