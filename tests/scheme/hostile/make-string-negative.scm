;; No string has fewer than no characters.
;; error:
;;| fruix::eval::failed
;;|   × make-string: -1 is no number of items
;;|     ╭─[hostile/make-string-negative.scm:12:1]
;;|  11 │
;;|  12 │ (make-string -1 #\a)
;;|     · ──────────┬─────────
;;|     ·           ╰── here
;;|     ╰────

(make-string -1 #\a)
