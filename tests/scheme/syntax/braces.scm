;; Steel would read an operation between its operands.
;; error:
;;| fruix::eval::unreadable-text
;;|   × braces are not part of Fruix's Scheme
;;|     ╭─[syntax/braces.scm:13:1]
;;|  12 │
;;|  13 │ {+ 1 2}
;;|     · ┬
;;|     · ╰── expected `(` or `[`
;;|     ╰────
;;|   help: write (+ 1 2) for an operation

{+ 1 2}
