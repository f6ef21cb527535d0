;; Letrec early.
;; error:
;;| fruix::eval::unbound-name
;;|   × `b` is not defined
;;|     ╭─[syntax/letrec-early.scm:13:13]
;;|  12 │
;;|  13 │ (letrec ([a b] [b 1]) a)
;;|     ·             ┬
;;|     ·             ╰── not known here
;;|     ╰────
;;|   help: define it, or use the module that does with (use-modules …)

(letrec ([a b] [b 1]) a)
