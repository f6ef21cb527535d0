;; Require number.
;; error:
;;| fruix::eval::failed
;;|   × require object expected a string literal referring to a file/module, found: 5
;;|     ╭─[modules/require-number.scm:13:10]
;;|  12 │
;;|  13 │ (require 5)
;;|     ·          ┬
;;|     ·          ╰── here
;;|  14 │ 1
;;|     ╰────

(require 5)
1
