;; `raise` as a value.
;; error:
;;|   × `raise` is not defined
;;|     ╭─[syntax/foreign-raise-value.scm:12:6]
;;|  11 │
;;|  12 │ (map raise '(1))
;;|     ·      ──┬──
;;|     ·        ╰── not known here
;;|     ╰────
;;|   help: `error` does this

(map raise '(1))
