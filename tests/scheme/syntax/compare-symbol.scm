;; A comparison does not say what compares.
;; error:
;;|   × `<=` expected real numbers, found a
;;|     ╭─[syntax/compare-symbol.scm:11:1]
;;|  10 │
;;|  11 │ (<= 'a 1)
;;|     · ────┬────
;;|     ·     ╰── here
;;|     ╰────

(<= 'a 1)
