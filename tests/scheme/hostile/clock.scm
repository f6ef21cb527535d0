;; clock.
;; error:
;;| fruix::eval::failed
;;|   × current-milliseconds: not available, because a declaration must mean the same everywhere and always
;;|     ╭─[hostile/clock.scm:13:1]
;;|  12 │
;;|  13 │ (current-milliseconds)
;;|     · ───────────┬──────────
;;|     ·            ╰── here
;;|     ╰────
;;|   help: --impure lifts this, and then the result says so

(current-milliseconds)
