;; A keyword argument that is missing.
;; error:
;;|   × `f` needs #:a
;;|     ╭─[syntax/keyword-missing.scm:12:1]
;;|  11 │ (define (f #:a a) a)
;;|  12 │ (list (f))
;;|     · ─────┬────
;;|     ·      ╰── here
;;|     ╰────

(define (f #:a a) a)
(list (f))
