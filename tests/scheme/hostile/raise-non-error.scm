;; raise-non-error.
;; error:
;;|   × `raise-error` cannot take 5
;;|     ╭─[hostile/raise-non-error.scm:11:1]
;;|  10 │
;;|  11 │ (raise-error 5)
;;|     · ───────┬───────
;;|     ·        ╰── here
;;|     ╰────

(raise-error 5)
