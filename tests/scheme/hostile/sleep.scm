;; sleep.
;; error:
;;| fruix::eval::failed
;;|   × time/sleep-ms: not available, because a declaration must mean the same everywhere and always
;;|     ╭─[hostile/sleep.scm:13:1]
;;|  12 │
;;|  13 │ (time/sleep-ms 100000)
;;|     · ───────────┬──────────
;;|     ·            ╰── here
;;|     ╰────
;;|   help: --impure lifts this, and then the result says so

(time/sleep-ms 100000)
