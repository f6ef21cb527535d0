;; Call list.
;; error:
;;|   × (1 2) is called like a procedure
;;|     ╭─[syntax/call-list.scm:11:1]
;;|  10 │
;;|  11 │ ((list 1 2) 0)
;;|     · ───────┬──────
;;|     ·        ╰── here
;;|     ╰────

((list 1 2) 0)
