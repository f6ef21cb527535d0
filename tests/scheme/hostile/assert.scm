;; assert.
;; error:
;;|   × assert!: not available, because a declaration must mean the same everywhere and always
;;|     ╭─[hostile/assert.scm:11:1]
;;|  10 │
;;|  11 │ (assert! #f)
;;|     · ──────┬─────
;;|     ·       ╰── here
;;|     ╰────

(assert! #f)
