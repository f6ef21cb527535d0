;; A form that needs the macro kernel.
;; error:
;;| fruix::eval::unavailable-form
;;|   × `let-syntax` is not part of Fruix's Scheme
;;|     ╭─[syntax/let-syntax.scm:13:2]
;;|  12 │
;;|  13 │ (let-syntax ([m (syntax-rules () [(_) 1])]) (m))
;;|     ·  ─────┬────
;;|     ·       ╰── not available
;;|     ╰────
;;|   help: define the macro at the top level, with `define-syntax`

(let-syntax ([m (syntax-rules () [(_) 1])]) (m))
