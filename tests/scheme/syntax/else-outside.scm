;; Else outside.
;; error:
;;|   × `else` is not defined
;;|     ╭─[syntax/else-outside.scm:12:2]
;;|  11 │
;;|  12 │ (else 5)
;;|     ·  ──┬─
;;|     ·    ╰── not known here
;;|     ╰────
;;|   help: `else` stands at the start of the last alternative of `cond` or `case`

(else 5)
