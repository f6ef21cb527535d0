;; Divide by zero.
;; error:
;;|   × /: division by zero
;;|     ╭─[syntax/divide-by-zero.scm:11:1]
;;|  10 │
;;|  11 │ (/ 1 0)
;;|     · ───┬───
;;|     ·    ╰── here
;;|     ╰────

(/ 1 0)
