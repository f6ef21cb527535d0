;; List ref range.
;; error:
;;|   × out of bounds index in list-ref - list length: 2, index: 5
;;|     ╭─[syntax/list-ref-range.scm:11:1]
;;|  10 │
;;|  11 │ (list-ref '(1 2) 5)
;;|     · ─────────┬─────────
;;|     ·          ╰── here
;;|     ╰────

(list-ref '(1 2) 5)
