;; A provided name that is near to a defined one.
;; error:
;;| fruix::eval::not-provided
;;|   × `grete` is provided, but not defined
;;|     ╭─[modules/provide-misspelt.scm:14:10]
;;|  13 │
;;|  14 │ (provide grete)
;;|     ·          ──┬──
;;|     ·            ╰── not defined in this file
;;|  15 │ (define (greet) "hello")
;;|     ╰────
;;|   help: did you mean `greet`?

(provide grete)
(define (greet) "hello")
(greet)
