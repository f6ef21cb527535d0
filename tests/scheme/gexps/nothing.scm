;; A mark with nothing after it.
;; error:
;;|   × nothing follows this mark of a gexp
;;|     ╭─[gexps/nothing.scm:12:25]
;;|  11 │ (use-modules (fruix gexp))
;;|  12 │ (computed-file "a" #~(f #$))
;;|     ·                         ─┬
;;|     ·                          ╰── expected an expression after it
;;|     ╰────

(use-modules (fruix gexp))
(computed-file "a" #~(f #$))
