;; Define syntax number.
;; error:
;;|   × `x` is not defined
;;|     ╭─[syntax/define-syntax-number.scm:13:16]
;;|  12 │
;;|  13 │ (define-syntax x 5)
;;|     ·                ┬
;;|     ·                ╰── not known here
;;|  14 │ (x)
;;|     ╰────
;;|   help: define it, or use the module that does with (use-modules …)

(define-syntax x 5)
(x)
