;; A built-in procedure and a value it cannot take.
;; error:
;;|   × `+` expected a number, found "a"
;;|     ╭─[syntax/type-error.scm:12:19]
;;|  11 │
;;|  12 │ (define (twice x) (+ x x))
;;|     ·                   ───┬───
;;|     ·                      ╰── here
;;|  13 │ (list 1 (twice "a"))
;;|     ╰────

(define (twice x) (+ x x))
(list 1 (twice "a"))
