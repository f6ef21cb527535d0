;; Map number.
;; error:
;;| fruix::eval::malformed-form
;;|   × 5 is called like a procedure
;;|     ╭─[syntax/map-number.scm:12:1]
;;|  11 │
;;|  12 │ (map 5 '(1 2))
;;|     · ───────┬──────
;;|     ·        ╰── here
;;|     ╰────

(map 5 '(1 2))
