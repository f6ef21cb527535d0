;; expt.
;; error:
;;|   × expt: 100000000 is too large; the limit is 100000
;;|     ╭─[hostile/expt.scm:11:1]
;;|  10 │
;;|  11 │ (expt 10 100000000)
;;|     · ─────────┬─────────
;;|     ·          ╰── here
;;|     ╰────

(expt 10 100000000)
