;; Length of number.
;; error:
;;| fruix::eval::wrong-type
;;|   × `length` expected a list, found 5
;;|     ╭─[syntax/length-of-number.scm:12:1]
;;|  11 │
;;|  12 │ (length 5)
;;|     · ─────┬────
;;|     ·      ╰── here
;;|     ╰────

(length 5)
