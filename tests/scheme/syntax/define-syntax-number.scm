;; Define syntax number.
;; error:
;;| fruix::eval::unbound-name
;;|   × `x` is not defined
;;|     ╭─[syntax/define-syntax-number.scm:14:16]
;;|  13 │
;;|  14 │ (define-syntax x 5)
;;|     ·                ┬
;;|     ·                ╰── not known here
;;|  15 │ (x)
;;|     ╰────
;;|   help: define it, or use the module that does with (use-modules …)

(define-syntax x 5)
(x)
