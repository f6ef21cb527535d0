;; make-vector.
;; error:
;;|   × make-vector: 100000000000 is too large; the limit is 10000000
;;|     ╭─[hostile/make-vector.scm:11:1]
;;|  10 │
;;|  11 │ (make-vector 100000000000 0)
;;|     · ──────────────┬─────────────
;;|     ·               ╰── here
;;|     ╰────

(make-vector 100000000000 0)
