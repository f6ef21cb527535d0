;; A module that cannot be read: the place that needs it is shown.
;; error:
;;| fruix::eval::unreadable-file
;;|   × modules/lib/linked.scm leads to a file whose name does not end with .scm
;;|     ╭─[modules/linked.scm:12:10]
;;|  11 │ ;;|   help: a module is a file of its own, or a link to one
;;|  12 │ (require "lib/linked.scm")
;;|     ·          ────────┬───────
;;|     ·                  ╰── needed here
;;|     ╰────
;;|   help: a module is a file of its own, or a link to one
(require "lib/linked.scm")
