;; Set undefined.
;; error:
;;| fruix::eval::unbound-name
;;|   × `nope` is not defined
;;|     ╭─[syntax/set-undefined.scm:13:7]
;;|  12 │
;;|  13 │ (set! nope 1)
;;|     ·       ──┬─
;;|     ·         ╰── not known here
;;|     ╰────
;;|   help: define it, or use the module that does with (use-modules …)

(set! nope 1)
