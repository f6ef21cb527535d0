;; Require symbol.
;; error:
;;|   × require object expected a string literal referring to a file/module, found: fruix
;;|     ╭─[modules/require-symbol.scm:12:10]
;;|  11 │
;;|  12 │ (require fruix)
;;|     ·          ──┬──
;;|     ·            ╰── here
;;|  13 │ 1
;;|     ╰────

(require fruix)
1
