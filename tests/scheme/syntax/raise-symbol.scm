;; Raise symbol.
;; error:
;;|   × `raise` is not part of Fruix's Scheme
;;|     ╭─[syntax/raise-symbol.scm:12:2]
;;|  11 │
;;|  12 │ (raise 'oops)
;;|     ·  ──┬──
;;|     ·    ╰── not available
;;|     ╰────
;;|   help: use `error` with a message

(raise 'oops)
