;; Apply number.
;; error:
;;|   × `apply` expected a list, found 5
;;|     ╭─[syntax/apply-number.scm:11:1]
;;|  10 │
;;|  11 │ (apply + 5)
;;|     · ─────┬─────
;;|     ·      ╰── here
;;|     ╰────

(apply + 5)
