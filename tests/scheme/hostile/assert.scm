;; assert.
;; error:
;;| fruix::eval::failed
;;|   × assert!: not available, because a declaration must mean the same everywhere and always
;;|     ╭─[hostile/assert.scm:12:1]
;;|  11 │
;;|  12 │ (assert! #f)
;;|     · ──────┬─────
;;|     ·       ╰── here
;;|     ╰────

(assert! #f)
