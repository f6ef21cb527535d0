;; A module that provides what it does not define.
;; error:
;;|   × `g` is not defined
;;|    ╭─[modules/lib/no-such-provide.scm:1:12]
;;|  1 │ (provide f g)
;;|    ·            ┬
;;|    ·            ╰── not known here
;;|  2 │ (define (f x) x)
;;|    ╰────
;;|   help: define it, or use the module that does with (use-modules …)

(require "lib/no-such-provide.scm")
(f 1)
