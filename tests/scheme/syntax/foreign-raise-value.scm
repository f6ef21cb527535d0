;; `raise` as a value.
;; error:
;;| fruix::eval::unbound-name
;;|   × `raise` is not defined
;;|     ╭─[syntax/foreign-raise-value.scm:13:6]
;;|  12 │
;;|  13 │ (map raise '(1))
;;|     ·      ──┬──
;;|     ·        ╰── not known here
;;|     ╰────
;;|   help: `error` does this

(map raise '(1))
