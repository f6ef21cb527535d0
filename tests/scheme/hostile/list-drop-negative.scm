;; Nor can fewer items be dropped.
;; error:
;;| fruix::eval::failed
;;|   × list-drop: -1 is no number of items
;;|     ╭─[hostile/list-drop-negative.scm:12:1]
;;|  11 │
;;|  12 │ (list-drop '(1) -1)
;;|     · ─────────┬─────────
;;|     ·          ╰── here
;;|     ╰────

(list-drop '(1) -1)
