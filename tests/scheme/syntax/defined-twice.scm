;; Two definitions of one name.
;; error:
;;|   × `x` is defined twice
;;|     ╭─[syntax/defined-twice.scm:17:1]
;;|  15 │
;;|  16 │ (define x 1)
;;|     · ──────┬─────
;;|     ·       ╰── first here
;;|  17 │ (define (x) 2)
;;|     · ───────┬──────
;;|     ·        ╰── again here
;;|  18 │ x
;;|     ╰────
;;|   help: give one of them another name

(define x 1)
(define (x) 2)
x
