;; A mark of a gexp outside of one.
;; error:
;;| fruix::eval::misplaced-form
;;|   × a value for a gexp outside of one
;;|     ╭─[gexps/outside.scm:15:24]
;;|  14 │ (define x 1)
;;|  15 │ (computed-file "a" '(f #$x))
;;|     ·                        ─┬─
;;|     ·                         ╰── `#$` and `#$@` stand inside of `#~`
;;|     ╰────
;;|   help: remove the mark, or write #~ before the form around it

(use-modules (fruix gexp))
(define x 1)
(computed-file "a" '(f #$x))
