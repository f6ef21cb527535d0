;; host-primitive.
;; error:
;;| fruix::eval::unbound-name
;;|   × `%derivation` is not defined
;;|     ╭─[hostile/host-primitive.scm:13:2]
;;|  12 │
;;|  13 │ (%derivation 1)
;;|     ·  ─────┬─────
;;|     ·       ╰── not known here
;;|     ╰────
;;|   help: define it, or use the module that does with (use-modules …)

(%derivation 1)
