;; A message of the user's that looks like one of the interpreter's.
;; error:
;;|   × f expects a list, found: 5
;;|     ╭─[syntax/error-like-steel.scm:11:1]
;;|  10 │
;;|  11 │ (error "f expects a list, found: 5")
;;|     · ──────────────────┬─────────────────
;;|     ·                   ╰── here
;;|     ╰────

(error "f expects a list, found: 5")
