;; Car of number.
;; error:
;;| fruix::eval::wrong-type
;;|   × `car` expected a list or pair, found 5
;;|     ╭─[syntax/car-of-number.scm:13:1]
;;|  12 │ (define x 5)
;;|  13 │ (car x)
;;|     · ───┬───
;;|     ·    ╰── here
;;|     ╰────

(define x 5)
(car x)
