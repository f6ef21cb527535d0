;; A vector literal is not looked into.
;; error:
;;| fruix::eval::misplaced-form
;;|   × a value inside of a vector
;;|     ╭─[gexps/ungexp-in-vector.scm:15:25]
;;|  14 │ (define x 1)
;;|  15 │ (computed-file "a" #~(f #(1 #$x)))
;;|     ·                         ────┬───
;;|     ·                             ╰── `#$` is not seen here
;;|     ╰────
;;|   help: write (vector …)

(use-modules (fruix gexp))
(define x 1)
(computed-file "a" #~(f #(1 #$x)))
