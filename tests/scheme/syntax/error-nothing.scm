;; Error nothing.
;; error:
;;|   × error: expected a message
;;|     ╭─[syntax/error-nothing.scm:11:1]
;;|  10 │
;;|  11 │ (error)
;;|     · ───┬───
;;|     ·    ╰── here
;;|     ╰────

(error)
