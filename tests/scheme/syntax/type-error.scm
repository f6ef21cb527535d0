;; A built-in procedure and a value it cannot take.
;; error:
;;| fruix::eval::wrong-type
;;|   × `+` expected a number, found "a"
;;|     ╭─[syntax/type-error.scm:13:19]
;;|  12 │
;;|  13 │ (define (twice x) (+ x x))
;;|     ·                   ───┬───
;;|     ·                      ╰── here
;;|  14 │ (list 1 (twice "a"))
;;|     ╰────

(define (twice x) (+ x x))
(list 1 (twice "a"))
