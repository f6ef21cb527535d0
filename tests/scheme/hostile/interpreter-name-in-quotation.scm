;; Where a quotation is computed, the interpreter's own names are as unavailable as elsewhere.
;; error:
;;| fruix::eval::unavailable-form
;;|   × `#%box` is a name of the interpreter's own
;;|     ╭─[hostile/interpreter-name-in-quotation.scm:13:7]
;;|  12 │
;;|  13 │ `(1 ,(#%box))
;;|     ·       ──┬──
;;|     ·         ╰── not available
;;|     ╰────
;;|   help: names that begin with `#%` are not for declarations

`(1 ,(#%box))
