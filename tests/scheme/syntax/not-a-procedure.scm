;; Applying a number.
;; error:
;;|   × function application not a procedure or function type not supported: 5
;;|     ╭─[syntax/not-a-procedure.scm:12:7]
;;|  11 │ (define x 5)
;;|  12 │ (list (x 1))
;;|     ·       ──┬──
;;|     ·         ╰── here
;;|     ╰────

(define x 5)
(list (x 1))
