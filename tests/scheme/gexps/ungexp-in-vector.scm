;; A vector literal is not looked into.
;; error:
;;|   × a value inside of a vector
;;|     ╭─[gexps/ungexp-in-vector.scm:14:25]
;;|  13 │ (define x 1)
;;|  14 │ (computed-file "a" #~(f #(1 #$x)))
;;|     ·                         ────┬───
;;|     ·                             ╰── `#$` is not seen here
;;|     ╰────
;;|   help: write (vector …)

(use-modules (fruix gexp))
(define x 1)
(computed-file "a" #~(f #(1 #$x)))
