;; A large number to a large power.
;; error:
;;| fruix::eval::failed
;;|   × expt of such a number: 90000 is too large; the limit is 100
;;|     ╭─[hostile/expt-of-large.scm:12:1]
;;|  11 │
;;|  12 │ (expt (expt 2 90000) 90000)
;;|     · ─────────────┬─────────────
;;|     ·              ╰── here
;;|     ╰────

(expt (expt 2 90000) 90000)
