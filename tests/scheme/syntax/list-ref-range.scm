;; List ref range.
;; error:
;;| fruix::eval::failed
;;|   × `list-ref`: there is no element 5 in a list of 2
;;|     ╭─[syntax/list-ref-range.scm:12:1]
;;|  11 │
;;|  12 │ (list-ref '(1 2) 5)
;;|     · ─────────┬─────────
;;|     ·          ╰── here
;;|     ╰────

(list-ref '(1 2) 5)
