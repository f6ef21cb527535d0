;; Inner undefined.
;; error:
;;|   × `zz` is not defined
;;|     ╭─[syntax/inner-undefined.scm:15:10]
;;|  14 │   (let ([y (* x 2)])
;;|  15 │     (+ y zz)))
;;|     ·          ─┬
;;|     ·           ╰── not known here
;;|  16 │ (f 1)
;;|     ╰────
;;|   help: define it, or use the module that does with (use-modules …)

(define (f x)
  (let ([y (* x 2)])
    (+ y zz)))
(f 1)
