;; A large number to a large power.
;; error:
;;|   × expt of such a number: 90000 is too large; the limit is 100
;;|     ╭─[hostile/expt-of-large.scm:11:1]
;;|  10 │
;;|  11 │ (expt (expt 2 90000) 90000)
;;|     · ─────────────┬─────────────
;;|     ·              ╰── here
;;|     ╰────

(expt (expt 2 90000) 90000)
