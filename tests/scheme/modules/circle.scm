;; Modules that use each other.
;; error:
;;| fruix::eval::module-cycle
;;|   × modules use each other in a circle
;;|    ╭─[modules/lib/circle-b.scm:1:10]
;;|  1 │ (require "circle-a.scm")
;;|    ·          ───────┬──────
;;|    ·                 ╰── modules/lib/circle-a.scm → modules/lib/circle-b.scm → modules/lib/circle-a.scm
;;|  2 │ (provide b)
;;|    ╰────
;;|   help: move what both need into a third module

(require "lib/circle-a.scm")
1
