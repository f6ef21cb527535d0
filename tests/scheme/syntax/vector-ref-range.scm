;; Vector ref range.
;; error:
;;|   × index out of bounds, index given: 5, length of vector: 2
;;|     ╭─[syntax/vector-ref-range.scm:11:1]
;;|  10 │
;;|  11 │ (vector-ref (vector 1 2) 5)
;;|     · ─────────────┬─────────────
;;|     ·              ╰── here
;;|     ╰────

(vector-ref (vector 1 2) 5)
