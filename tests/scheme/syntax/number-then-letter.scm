;; Number then letter.
;; error:
;;|   × `1a` is not defined
;;|     ╭─[syntax/number-then-letter.scm:12:7]
;;|  11 │
;;|  12 │ (list 1a)
;;|     ·       ─┬
;;|     ·        ╰── not known here
;;|     ╰────
;;|   help: define it, or use the module that does with (use-modules …)

(list 1a)
