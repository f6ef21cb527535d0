;; Raise symbol.
;; error:
;;| fruix::eval::unavailable-form
;;|   × `raise` is not part of Fruix's Scheme
;;|     ╭─[syntax/raise-symbol.scm:13:2]
;;|  12 │
;;|  13 │ (raise 'oops)
;;|     ·  ──┬──
;;|     ·    ╰── not available
;;|     ╰────
;;|   help: use `error` with a message

(raise 'oops)
