;; Error symbol.
;; error:
;;|   × my-proc went wrong 5
;;|     ╭─[syntax/error-symbol.scm:11:1]
;;|  10 │
;;|  11 │ (error 'my-proc "went wrong" 5)
;;|     · ───────────────┬───────────────
;;|     ·                ╰── here
;;|     ╰────

(error 'my-proc "went wrong" 5)
