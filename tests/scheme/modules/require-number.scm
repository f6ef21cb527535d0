;; Require number.
;; error:
;;|   × require object expected a string literal referring to a file/module, found: 5
;;|     ╭─[modules/require-number.scm:12:10]
;;|  11 │
;;|  12 │ (require 5)
;;|     ·          ┬
;;|     ·          ╰── here
;;|  13 │ 1
;;|     ╰────

(require 5)
1
