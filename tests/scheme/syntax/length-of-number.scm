;; Length of number.
;; error:
;;|   × `length` expected a list, found 5
;;|     ╭─[syntax/length-of-number.scm:11:1]
;;|  10 │
;;|  11 │ (length 5)
;;|     · ─────┬────
;;|     ·      ╰── here
;;|     ╰────

(length 5)
