;; Set undefined.
;; error:
;;|   × `nope` is not defined
;;|     ╭─[syntax/set-undefined.scm:12:7]
;;|  11 │
;;|  12 │ (set! nope 1)
;;|     ·       ──┬─
;;|     ·         ╰── not known here
;;|     ╰────
;;|   help: define it, or use the module that does with (use-modules …)

(set! nope 1)
