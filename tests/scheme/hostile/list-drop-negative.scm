;; Nor can fewer items be dropped.
;; error:
;;|   × list-drop: -1 is no number of items
;;|     ╭─[hostile/list-drop-negative.scm:11:1]
;;|  10 │
;;|  11 │ (list-drop '(1) -1)
;;|     · ─────────┬─────────
;;|     ·          ╰── here
;;|     ╰────

(list-drop '(1) -1)
