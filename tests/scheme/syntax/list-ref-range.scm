;; List ref range.
;; error:
;;|   × `list-ref`: there is no element 5 in a list of 2
;;|     ╭─[syntax/list-ref-range.scm:11:1]
;;|  10 │
;;|  11 │ (list-ref '(1 2) 5)
;;|     · ─────────┬─────────
;;|     ·          ╰── here
;;|     ╰────

(list-ref '(1 2) 5)
