;; A module that fails while it is loaded.
;; error:
;;| fruix::eval::failed
;;|   × `car`: the list is empty
;;|    ╭─[modules/lib/failing.scm:2:11]
;;|  1 │ (provide x)
;;|  2 │ (define x (car (list)))
;;|    ·           ──────┬─────
;;|    ·                 ╰── here
;;|    ╰────

(require "lib/failing.scm")
x
