;; Steel would read an operation between its operands.
;; error:
;;|   × braces are not part of Fruix's Scheme
;;|     ╭─[syntax/braces.scm:12:1]
;;|  11 │
;;|  12 │ {+ 1 2}
;;|     · ┬
;;|     · ╰── expected `(` or `[`
;;|     ╰────
;;|   help: write (+ 1 2) for an operation

{+ 1 2}
