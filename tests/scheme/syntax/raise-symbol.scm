;; Raise symbol.
;; error:
;;|   × `raise` is not defined
;;|     ╭─[syntax/raise-symbol.scm:12:2]
;;|  11 │
;;|  12 │ (raise 'oops)
;;|     ·  ──┬──
;;|     ·    ╰── not known here
;;|     ╰────
;;|   help: use `error`

(raise 'oops)
