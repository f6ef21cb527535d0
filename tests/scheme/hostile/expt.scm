;; expt.
;; error:
;;| fruix::eval::failed
;;|   × expt: 100000000 is too large; the limit is 100000
;;|     ╭─[hostile/expt.scm:12:1]
;;|  11 │
;;|  12 │ (expt 10 100000000)
;;|     · ─────────┬─────────
;;|     ·          ╰── here
;;|     ╰────

(expt 10 100000000)
