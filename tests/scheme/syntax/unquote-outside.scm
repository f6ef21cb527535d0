;; Unquote outside.
;; error:
;;| fruix::eval::unbound-name
;;|   × `,x` is not defined
;;|     ╭─[syntax/unquote-outside.scm:14:7]
;;|  13 │ (define x 1)
;;|  14 │ (list ,x)
;;|     ·       ─┬
;;|     ·        ╰── not known here
;;|     ╰────
;;|   help: `,` works inside of a quasiquote: `(… ,x …)

(define x 1)
(list ,x)
