;; A module that provides what it does not define.
;; error:
;;| fruix::eval::not-provided
;;|   × `g` is provided, but not defined
;;|    ╭─[modules/lib/no-such-provide.scm:1:12]
;;|  1 │ (provide f g)
;;|    ·            ┬
;;|    ·            ╰── not defined in this file
;;|  2 │ (define (f x) x)
;;|    ╰────
;;|   help: define it, or leave it out

(require "lib/no-such-provide.scm")
(f 1)
