;; An error of the user's own.
;; error:
;;|   × too large: 5
;;|     ╭─[syntax/user-error.scm:12:33]
;;|  11 │
;;|  12 │ (define (check x) (when (> x 3) (error "too large:" x)) x)
;;|     ·                                 ───────────┬──────────
;;|     ·                                            ╰── here
;;|  13 │ (list (check 1) (check 5))
;;|     ╰────

(define (check x) (when (> x 3) (error "too large:" x)) x)
(list (check 1) (check 5))
