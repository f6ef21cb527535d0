;; sleep.
;; error:
;;|   × time/sleep-ms: not available, because a declaration must mean the same everywhere and always
;;|     ╭─[hostile/sleep.scm:11:1]
;;|  10 │
;;|  11 │ (time/sleep-ms 100000)
;;|     · ───────────┬──────────
;;|     ·            ╰── here
;;|     ╰────

(time/sleep-ms 100000)
