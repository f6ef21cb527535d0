;; Letrec early.
;; error:
;;|   × `b` is not defined
;;|     ╭─[syntax/letrec-early.scm:12:13]
;;|  11 │
;;|  12 │ (letrec ([a b] [b 1]) a)
;;|     ·             ┬
;;|     ·             ╰── not known here
;;|     ╰────
;;|   help: define it, or use the module that does with (use-modules …)

(letrec ([a b] [b 1]) a)
