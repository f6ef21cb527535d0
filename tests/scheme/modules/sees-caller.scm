;; What a declaration defines is none of the business of the modules that it uses.
;; error:
;;| fruix::eval::unbound-name
;;|   × `factor` is not defined
;;|    ╭─[modules/lib/sees-caller.scm:4:8]
;;|  3 │ (define (twice x)
;;|  4 │   (* x factor))
;;|    ·        ───┬──
;;|    ·           ╰── not known here
;;|    ╰────
;;|   help: modules/sees-caller.scm defines it, and uses this module: hand it over as an argument, or define it
;;|         in a module that both use
(require "lib/sees-caller.scm")

(define factor 2)

(twice 4)
