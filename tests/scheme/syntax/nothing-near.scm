;; A short name that is near to nothing.
;; error:
;;|   × `set-x` is not defined
;;|     ╭─[syntax/nothing-near.scm:12:2]
;;|  11 │
;;|  12 │ (set-x 1)
;;|     ·  ──┬──
;;|     ·    ╰── not known here
;;|     ╰────
;;|   help: define it, or use the module that does with (use-modules …)

(set-x 1)
