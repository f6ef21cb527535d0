;; A macro that would run code.
;; error:
;;|   × `defmacro` is not part of Fruix's Scheme
;;|     ╭─[syntax/defmacro.scm:13:2]
;;|  12 │
;;|  13 │ (defmacro (m x) x)
;;|     ·  ────┬───
;;|     ·      ╰── not available
;;|  14 │ (m 1)
;;|     ╰────
;;|   help: use `define-syntax` with `syntax-rules`

(defmacro (m x) x)
(m 1)
