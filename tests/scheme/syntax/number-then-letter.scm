;; Number then letter.
;; error:
;;| fruix::eval::unbound-name
;;|   × `1a` is not defined
;;|     ╭─[syntax/number-then-letter.scm:13:7]
;;|  12 │
;;|  13 │ (list 1a)
;;|     ·       ─┬
;;|     ·        ╰── not known here
;;|     ╰────
;;|   help: define it, or use the module that does with (use-modules …)

(list 1a)
