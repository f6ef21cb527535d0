;; A name of R6RS, of which a module has the like.
;; error:
;;| fruix::eval::unbound-name
;;|   × `fold-left` is not defined
;;|     ╭─[syntax/foreign-fold.scm:13:2]
;;|  12 │
;;|  13 │ (fold-left + 0 '(1 2))
;;|     ·  ────┬────
;;|     ·      ╰── not known here
;;|     ╰────
;;|   help: `fold` does this; it is part of (fruix lists): add (use-modules (fruix lists)) at the top

(fold-left + 0 '(1 2))
