;; Call list.
;; error:
;;| fruix::eval::malformed-form
;;|   × (1 2) is called like a procedure
;;|     ╭─[syntax/call-list.scm:12:1]
;;|  11 │
;;|  12 │ ((list 1 2) 0)
;;|     · ───────┬──────
;;|     ·        ╰── here
;;|     ╰────

((list 1 2) 0)
