;; A short name that is near to nothing.
;; error:
;;| fruix::eval::unbound-name
;;|   × `set-x` is not defined
;;|     ╭─[syntax/nothing-near.scm:13:2]
;;|  12 │
;;|  13 │ (set-x 1)
;;|     ·  ──┬──
;;|     ·    ╰── not known here
;;|     ╰────
;;|   help: define it, or use the module that does with (use-modules …)

(set-x 1)
