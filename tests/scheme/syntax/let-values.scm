;; `let-values` needs what Fruix's interpreter does without.
;; error:
;;|   × `let-values` is not part of Fruix's Scheme
;;|     ╭─[syntax/let-values.scm:12:2]
;;|  11 │
;;|  12 │ (let-values ([(a b) (values 1 2)]) (+ a b))
;;|     ·  ─────┬────
;;|     ·       ╰── not available
;;|     ╰────
;;|   help: use (receive (a b) EXPRESSION BODY …) of (fruix lists)

(let-values ([(a b) (values 1 2)]) (+ a b))
