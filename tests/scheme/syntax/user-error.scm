;; An error of the user's own.
;; error:
;;| fruix::eval::failed
;;|   × too large: 5
;;|     ╭─[syntax/user-error.scm:13:33]
;;|  12 │
;;|  13 │ (define (check x) (when (> x 3) (error "too large:" x)) x)
;;|     ·                                 ───────────┬──────────
;;|     ·                                            ╰── here
;;|  14 │ (list (check 1) (check 5))
;;|     ╰────

(define (check x) (when (> x 3) (error "too large:" x)) x)
(list (check 1) (check 5))
