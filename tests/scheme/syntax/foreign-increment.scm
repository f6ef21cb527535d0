;; A name of Guile.
;; error:
;;| fruix::eval::unbound-name
;;|   × `1+` is not defined
;;|     ╭─[syntax/foreign-increment.scm:13:2]
;;|  12 │
;;|  13 │ (1+ 5)
;;|     ·  ─┬
;;|     ·   ╰── not known here
;;|     ╰────
;;|   help: write (+ NUMBER 1)

(1+ 5)
