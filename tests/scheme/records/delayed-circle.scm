;; A delayed field that needs itself.
;; error:
;;|   × `any` is not defined
;;|     ╭─[records/delayed-circle.scm:15:33]
;;|  14 │
;;|  15 │ (define-record-type* node (next any (delayed)))
;;|     ·                                 ─┬─
;;|     ·                                  ╰── not known here
;;|  16 │
;;|     ╰────
;;|   help: it is part of (fruix lists core): add (use-modules (fruix lists core)) at the top

(use-modules (fruix records))

(define-record-type* node (next any (delayed)))

(define one (node (next (node-next one))))
(node-next one)
