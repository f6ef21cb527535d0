;; Error symbol.
;; error:
;;| fruix::eval::failed
;;|   × my-proc went wrong 5
;;|     ╭─[syntax/error-symbol.scm:12:1]
;;|  11 │
;;|  12 │ (error 'my-proc "went wrong" 5)
;;|     · ───────────────┬───────────────
;;|     ·                ╰── here
;;|     ╰────

(error 'my-proc "went wrong" 5)
