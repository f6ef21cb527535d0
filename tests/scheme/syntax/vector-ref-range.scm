;; Vector ref range.
;; error:
;;|   × there is no element 5 in a vector of 2
;;|     ╭─[syntax/vector-ref-range.scm:11:1]
;;|  10 │
;;|  11 │ (vector-ref (vector 1 2) 5)
;;|     · ─────────────┬─────────────
;;|     ·              ╰── here
;;|     ╰────

(vector-ref (vector 1 2) 5)
