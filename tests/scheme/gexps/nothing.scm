;; A mark with nothing after it.
;; error:
;;| fruix::eval::unclosed
;;|   × nothing follows this mark of a gexp
;;|     ╭─[gexps/nothing.scm:13:25]
;;|  12 │ (use-modules (fruix gexp))
;;|  13 │ (computed-file "a" #~(f #$))
;;|     ·                         ─┬
;;|     ·                          ╰── expected an expression after it
;;|     ╰────

(use-modules (fruix gexp))
(computed-file "a" #~(f #$))
