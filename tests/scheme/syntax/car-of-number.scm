;; Car of number.
;; error:
;;|   × `car` expected a list or pair, found 5
;;|     ╭─[syntax/car-of-number.scm:12:1]
;;|  11 │ (define x 5)
;;|  12 │ (car x)
;;|     · ───┬───
;;|     ·    ╰── here
;;|     ╰────

(define x 5)
(car x)
