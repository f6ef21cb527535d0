;; make-vector.
;; error:
;;| fruix::eval::failed
;;|   × make-vector: 100000000000 is too large; the limit is 10000000
;;|     ╭─[hostile/make-vector.scm:12:1]
;;|  11 │
;;|  12 │ (make-vector 100000000000 0)
;;|     · ──────────────┬─────────────
;;|     ·               ╰── here
;;|     ╰────

(make-vector 100000000000 0)
