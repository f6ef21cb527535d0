;; A form of Guile.
;; error:
;;| fruix::eval::unavailable-form
;;|   × `define*` is not part of Fruix's Scheme
;;|     ╭─[syntax/define-star.scm:13:2]
;;|  12 │
;;|  13 │ (define* (f #:key (a 1)) a)
;;|     ·  ───┬───
;;|     ·     ╰── not available
;;|     ╰────
;;|   help: use `define`: (define (f a [optional 1] #:key [key 2]) …)

(define* (f #:key (a 1)) a)
