;; clock.
;; error:
;;|   × current-milliseconds: not available, because a declaration must mean the same everywhere and always
;;|     ╭─[hostile/clock.scm:12:1]
;;|  11 │
;;|  12 │ (current-milliseconds)
;;|     · ───────────┬──────────
;;|     ·            ╰── here
;;|     ╰────
;;|   help: --impure lifts this, and then the result says so

(current-milliseconds)
