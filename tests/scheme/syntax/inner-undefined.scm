;; Inner undefined.
;; error:
;;| fruix::eval::unbound-name
;;|   × `zz` is not defined
;;|     ╭─[syntax/inner-undefined.scm:16:10]
;;|  15 │   (let ([y (* x 2)])
;;|  16 │     (+ y zz)))
;;|     ·          ─┬
;;|     ·           ╰── not known here
;;|  17 │ (f 1)
;;|     ╰────
;;|   help: define it, or use the module that does with (use-modules …)

(define (f x)
  (let ([y (* x 2)])
    (+ y zz)))
(f 1)
