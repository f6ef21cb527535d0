;; Divide by zero.
;; error:
;;| fruix::eval::failed
;;|   × /: division by zero
;;|     ╭─[syntax/divide-by-zero.scm:12:1]
;;|  11 │
;;|  12 │ (/ 1 0)
;;|     · ───┬───
;;|     ·    ╰── here
;;|     ╰────

(/ 1 0)
