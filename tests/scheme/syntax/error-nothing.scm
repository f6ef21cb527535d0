;; Error nothing.
;; error:
;;| fruix::eval::failed
;;|   × error: expected a message
;;|     ╭─[syntax/error-nothing.scm:12:1]
;;|  11 │
;;|  12 │ (error)
;;|     · ───┬───
;;|     ·    ╰── here
;;|     ╰────

(error)
