;; Set nothing.
;; error:
;;| fruix::eval::malformed-form
;;|   × `set!` expected an identifier and an expression
;;|     ╭─[syntax/set-nothing.scm:14:1]
;;|  13 │ (define x 1)
;;|  14 │ (set! x)
;;|     · ────┬───
;;|     ·     ╰── here
;;|     ╰────
;;|   help: write (set! NAME VALUE)

(define x 1)
(set! x)
