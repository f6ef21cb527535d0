;; Applying a number.
;; error:
;;|   × `x` is called like a procedure, but is 5
;;|     ╭─[syntax/not-a-procedure.scm:12:7]
;;|  11 │ (define x 5)
;;|  12 │ (list (x 1))
;;|     ·       ──┬──
;;|     ·         ╰── here
;;|     ╰────

(define x 5)
(list (x 1))
