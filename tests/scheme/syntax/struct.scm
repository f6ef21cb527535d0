;; A form that the interpreter lacks.
;; error:
;;| fruix::eval::unavailable-form
;;|   × `struct` is not part of Fruix's Scheme
;;|     ╭─[syntax/struct.scm:14:2]
;;|  13 │
;;|  14 │ (struct point (x y))
;;|     ·  ───┬──
;;|     ·     ╰── not available
;;|  15 │ (point 1 2)
;;|     ╰────
;;|   help: use `define-record-type*` of (fruix records)

(struct point (x y))
(point 1 2)
