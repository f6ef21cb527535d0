;; Error nothing.
;; error:
;;|   × error takes at least one argument
;;|     ╭─[syntax/error-nothing.scm:11:1]
;;|  10 │
;;|  11 │ (error)
;;|     · ───┬───
;;|     ·    ╰── in this call
;;|     ╰────

(error)
