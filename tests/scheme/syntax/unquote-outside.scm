;; Unquote outside.
;; error:
;;|   × `,x` is not defined
;;|     ╭─[syntax/unquote-outside.scm:13:7]
;;|  12 │ (define x 1)
;;|  13 │ (list ,x)
;;|     ·       ─┬
;;|     ·        ╰── not known here
;;|     ╰────
;;|   help: `,` works inside of a quasiquote: `(… ,x …)

(define x 1)
(list ,x)
