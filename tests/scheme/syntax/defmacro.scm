;; A macro that would run code.
;; error:
;;| fruix::eval::unavailable-form
;;|   × `defmacro` is not part of Fruix's Scheme
;;|     ╭─[syntax/defmacro.scm:14:2]
;;|  13 │
;;|  14 │ (defmacro (m x) x)
;;|     ·  ────┬───
;;|     ·      ╰── not available
;;|  15 │ (m 1)
;;|     ╰────
;;|   help: use `define-syntax` with `syntax-rules`

(defmacro (m x) x)
(m 1)
