;; A parenthesis too many.
;; error:
;;| fruix::eval::unbalanced
;;|   × unexpected `)`
;;|     ╭─[syntax/too-many-closed.scm:14:13]
;;|  13 │
;;|  14 │ (define x 5))
;;|     ·             ┬
;;|     ·             ╰── no list is open here
;;|  15 │ x
;;|     ╰────
;;|   help: remove it, or add the missing opening parenthesis before it

(define x 5))
x
