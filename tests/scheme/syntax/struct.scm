;; A form that the interpreter lacks.
;; error:
;;|   × `struct` is not part of Fruix's Scheme
;;|     ╭─[syntax/struct.scm:13:2]
;;|  12 │
;;|  13 │ (struct point (x y))
;;|     ·  ───┬──
;;|     ·     ╰── not available
;;|  14 │ (point 1 2)
;;|     ╰────
;;|   help: use `define-record-type*` of (fruix records)

(struct point (x y))
(point 1 2)
