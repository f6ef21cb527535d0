;; A parenthesis too many.
;; error:
;;|   × unexpected `)`
;;|     ╭─[syntax/too-many-closed.scm:13:13]
;;|  12 │
;;|  13 │ (define x 5))
;;|     ·             ┬
;;|     ·             ╰── no list is open here
;;|  14 │ x
;;|     ╰────
;;|   help: remove it, or add the missing opening parenthesis before it

(define x 5))
x
