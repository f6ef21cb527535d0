;; Apply number.
;; error:
;;| fruix::eval::wrong-type
;;|   × `apply` expected a list, found 5
;;|     ╭─[syntax/apply-number.scm:12:1]
;;|  11 │
;;|  12 │ (apply + 5)
;;|     · ─────┬─────
;;|     ·      ╰── here
;;|     ╰────

(apply + 5)
