;; Else outside.
;; error:
;;| fruix::eval::unbound-name
;;|   × `else` is not defined
;;|     ╭─[syntax/else-outside.scm:13:2]
;;|  12 │
;;|  13 │ (else 5)
;;|     ·  ──┬─
;;|     ·    ╰── not known here
;;|     ╰────
;;|   help: `else` stands at the start of the last alternative of `cond` or `case`

(else 5)
