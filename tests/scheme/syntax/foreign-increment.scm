;; A name of Guile.
;; error:
;;|   × `1+` is not defined
;;|     ╭─[syntax/foreign-increment.scm:12:2]
;;|  11 │
;;|  12 │ (1+ 5)
;;|     ·  ─┬
;;|     ·   ╰── not known here
;;|     ╰────
;;|   help: write (+ NUMBER 1)

(1+ 5)
