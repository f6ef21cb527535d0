;; make-string.
;; error:
;;| fruix::eval::failed
;;|   × make-string: 100000000000 is too large; the limit is 10000000
;;|     ╭─[hostile/make-string.scm:12:1]
;;|  11 │
;;|  12 │ (make-string 100000000000 #\a)
;;|     · ───────────────┬──────────────
;;|     ·                ╰── here
;;|     ╰────

(make-string 100000000000 #\a)
