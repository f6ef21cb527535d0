;; A provided name that is near to a defined one.
;; error:
;;|   × `grete` is provided, but not defined
;;|     ╭─[modules/provide-misspelt.scm:13:10]
;;|  12 │
;;|  13 │ (provide grete)
;;|     ·          ──┬──
;;|     ·            ╰── not defined in this file
;;|  14 │ (define (greet) "hello")
;;|     ╰────
;;|   help: did you mean `greet`?

(provide grete)
(define (greet) "hello")
(greet)
