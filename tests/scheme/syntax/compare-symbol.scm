;; A comparison does not say what compares.
;; error:
;;| fruix::eval::wrong-type
;;|   × `<=` expected real numbers, found a
;;|     ╭─[syntax/compare-symbol.scm:12:1]
;;|  11 │
;;|  12 │ (<= 'a 1)
;;|     · ────┬────
;;|     ·     ╰── here
;;|     ╰────

(<= 'a 1)
