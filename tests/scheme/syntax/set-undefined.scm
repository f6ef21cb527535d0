;; Set undefined.
;; error:
;;|   × `nope` is not defined
;;|     ╭─[syntax/set-undefined.scm:12:7]
;;|  11 │
;;|  12 │ (set! nope 1)
;;|     ·       ──┬─
;;|     ·         ╰── not known here
;;|     ╰────
;;|   help: did you mean `not`?

(set! nope 1)
