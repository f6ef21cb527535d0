;; clock.
;; error:
;;|   × current-milliseconds: not available, because a declaration must mean the same everywhere and always
;;|     ╭─[hostile/clock.scm:11:1]
;;|  10 │
;;|  11 │ (current-milliseconds)
;;|     · ───────────┬──────────
;;|     ·            ╰── here
;;|     ╰────

(current-milliseconds)
