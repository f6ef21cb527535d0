;; Require symbol.
;; error:
;;| fruix::eval::failed
;;|   × require object expected a string literal referring to a file/module, found: fruix
;;|     ╭─[modules/require-symbol.scm:13:10]
;;|  12 │
;;|  13 │ (require fruix)
;;|     ·          ──┬──
;;|     ·            ╰── here
;;|  14 │ 1
;;|     ╰────

(require fruix)
1
