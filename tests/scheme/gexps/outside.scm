;; A mark of a gexp outside of one.
;; error:
;;|   × a value for a gexp outside of one
;;|     ╭─[gexps/outside.scm:14:24]
;;|  13 │ (define x 1)
;;|  14 │ (computed-file "a" '(f #$x))
;;|     ·                        ─┬─
;;|     ·                         ╰── `#$` and `#$@` stand inside of `#~`
;;|     ╰────
;;|   help: remove the mark, or write #~ before the form around it

(use-modules (fruix gexp))
(define x 1)
(computed-file "a" '(f #$x))
