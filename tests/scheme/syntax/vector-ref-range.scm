;; Vector ref range.
;; error:
;;| fruix::eval::failed
;;|   × there is no element 5 in a vector of 2
;;|     ╭─[syntax/vector-ref-range.scm:12:1]
;;|  11 │
;;|  12 │ (vector-ref (vector 1 2) 5)
;;|     · ─────────────┬─────────────
;;|     ·              ╰── here
;;|     ╰────

(vector-ref (vector 1 2) 5)
