;; Applying a number.
;; error:
;;| fruix::eval::malformed-form
;;|   × `x` is called like a procedure, but is 5
;;|     ╭─[syntax/not-a-procedure.scm:13:7]
;;|  12 │ (define x 5)
;;|  13 │ (list (x 1))
;;|     ·       ──┬──
;;|     ·         ╰── here
;;|     ╰────

(define x 5)
(list (x 1))
