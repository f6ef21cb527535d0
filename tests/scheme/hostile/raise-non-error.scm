;; raise-non-error.
;; error:
;;| fruix::eval::wrong-type
;;|   × `raise-error` cannot take 5
;;|     ╭─[hostile/raise-non-error.scm:12:1]
;;|  11 │
;;|  12 │ (raise-error 5)
;;|     · ───────┬───────
;;|     ·        ╰── here
;;|     ╰────

(raise-error 5)
