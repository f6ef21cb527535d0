;; A delayed field that needs itself.
;; error:
;;| fruix::eval::unbound-name
;;|   × `any` is not defined
;;|     ╭─[records/delayed-circle.scm:16:33]
;;|  15 │
;;|  16 │ (define-record-type* node (next any (delayed)))
;;|     ·                                 ─┬─
;;|     ·                                  ╰── not known here
;;|  17 │
;;|     ╰────
;;|   help: it is part of (fruix lists core): add (use-modules (fruix lists core)) at the top

(use-modules (fruix records))

(define-record-type* node (next any (delayed)))

(define one (node (next (node-next one))))
(node-next one)
