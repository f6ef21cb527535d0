;; A module with a syntax error.
;; error:
;;| fruix::eval::unclosed
;;|   × this list is never closed
;;|    ╭─[modules/lib/broken.scm:2:1]
;;|  1 │ (provide x)
;;|  2 │ (define x (list 1 2)
;;|    · ┬
;;|    · ╰── no matching `)`
;;|    ╰────
;;|   help: add the missing closing parenthesis

(require "lib/broken.scm")
x
