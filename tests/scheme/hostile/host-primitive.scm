;; host-primitive.
;; error:
;;|   × `%derivation` is not defined
;;|     ╭─[hostile/host-primitive.scm:12:2]
;;|  11 │
;;|  12 │ (%derivation 1)
;;|     ·  ─────┬─────
;;|     ·       ╰── not known here
;;|     ╰────
;;|   help: define it, or use the module that does with (use-modules …)

(%derivation 1)
