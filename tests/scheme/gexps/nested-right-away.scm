;; A gexp right inside of another.
;; error:
;;|   × a gexp right inside of another
;;|     ╭─[gexps/nested-right-away.scm:13:29]
;;|  12 │ (use-modules (fruix gexp))
;;|  13 │ (computed-file "a" #~(begin #~(f) (g)))
;;|     ·                             ──┬──
;;|     ·                               ╰── it is part of the outer one already
;;|     ╰────
;;|   help: remove its `#~`, or insert it with #$

(use-modules (fruix gexp))
(computed-file "a" #~(begin #~(f) (g)))
