;; A keyword argument that is missing.
;; error:
;;| fruix::eval::failed
;;|   × `f` needs #:a
;;|     ╭─[syntax/keyword-missing.scm:13:1]
;;|  12 │ (define (f #:a a) a)
;;|  13 │ (list (f))
;;|     · ─────┬────
;;|     ·      ╰── here
;;|     ╰────

(define (f #:a a) a)
(list (f))
