;; A name of R6RS, of which a module has the like.
;; error:
;;|   × `fold-left` is not defined
;;|     ╭─[syntax/foreign-fold.scm:12:2]
;;|  11 │
;;|  12 │ (fold-left + 0 '(1 2))
;;|     ·  ────┬────
;;|     ·      ╰── not known here
;;|     ╰────
;;|   help: `fold` does this; it is part of (fruix lists): add (use-modules (fruix lists)) at the top

(fold-left + 0 '(1 2))
