;; A module with an unknown name.
;; error:
;;| fruix::eval::unbound-name
;;|   × `strin-append` is not defined
;;|    ╭─[modules/lib/typo.scm:2:16]
;;|  1 │ (provide f)
;;|  2 │ (define (f x) (strin-append x "a"))
;;|    ·                ──────┬─────
;;|    ·                      ╰── not known here
;;|    ╰────
;;|   help: did you mean `string-append`?

(require "lib/typo.scm")
(f "x")
