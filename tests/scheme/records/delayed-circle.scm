;; A delayed field that needs itself.
;; error:
;;|   × the field `next` of `node` needs its own value
;;|     ╭─[records/delayed-circle.scm:16:25]
;;|  15 │
;;|  16 │ (define one (node (next (node-next one))))
;;|     ·                         ───────┬───────
;;|     ·                                ╰── here
;;|  17 │ (node-next one)
;;|     ╰────

(use-modules (fruix records))

(define-record-type* node (next any (delayed)))

(define one (node (next (node-next one))))
(node-next one)
