;; No string has fewer than no characters.
;; error:
;;|   × make-string: -1 is no number of items
;;|     ╭─[hostile/make-string-negative.scm:11:1]
;;|  10 │
;;|  11 │ (make-string -1 #\a)
;;|     · ──────────┬─────────
;;|     ·           ╰── here
;;|     ╰────

(make-string -1 #\a)
