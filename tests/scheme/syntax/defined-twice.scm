;; Two definitions of one name.
;; error:
;;| fruix::eval::bound-twice
;;|   × `x` is defined twice
;;|     ╭─[syntax/defined-twice.scm:18:1]
;;|  16 │
;;|  17 │ (define x 1)
;;|     · ──────┬─────
;;|     ·       ╰── first here
;;|  18 │ (define (x) 2)
;;|     · ───────┬──────
;;|     ·        ╰── again here
;;|  19 │ x
;;|     ╰────
;;|   help: give one of them another name

(define x 1)
(define (x) 2)
x
