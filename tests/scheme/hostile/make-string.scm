;; make-string.
;; error:
;;|   × make-string: 100000000000 is too large; the limit is 10000000
;;|     ╭─[hostile/make-string.scm:11:1]
;;|  10 │
;;|  11 │ (make-string 100000000000 #\a)
;;|     · ───────────────┬──────────────
;;|     ·                ╰── here
;;|     ╰────

(make-string 100000000000 #\a)
