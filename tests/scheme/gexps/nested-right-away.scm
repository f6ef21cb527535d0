;; A gexp right inside of another.
;; error:
;;| fruix::eval::misplaced-form
;;|   × a gexp right inside of another
;;|     ╭─[gexps/nested-right-away.scm:14:29]
;;|  13 │ (use-modules (fruix gexp))
;;|  14 │ (computed-file "a" #~(begin #~(f) (g)))
;;|     ·                             ──┬──
;;|     ·                               ╰── it is part of the outer one already
;;|     ╰────
;;|   help: remove its `#~`, or insert it with #$

(use-modules (fruix gexp))
(computed-file "a" #~(begin #~(f) (g)))
