;; `let-values` needs what Fruix's interpreter does without.
;; error:
;;| fruix::eval::unavailable-form
;;|   × `let-values` is not part of Fruix's Scheme
;;|     ╭─[syntax/let-values.scm:13:2]
;;|  12 │
;;|  13 │ (let-values ([(a b) (values 1 2)]) (+ a b))
;;|     ·  ─────┬────
;;|     ·       ╰── not available
;;|     ╰────
;;|   help: use (receive (a b) EXPRESSION BODY …) of (fruix lists)

(let-values ([(a b) (values 1 2)]) (+ a b))
