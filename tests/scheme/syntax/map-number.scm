;; Map number.
;; error:
;;|   × 5 is called like a procedure
;;|     ╭─[syntax/map-number.scm:11:1]
;;|  10 │
;;|  11 │ (map 5 '(1 2))
;;|     · ───────┬──────
;;|     ·        ╰── here
;;|     ╰────

(map 5 '(1 2))
