;; A message of the user's that looks like one of the interpreter's.
;; error:
;;| fruix::eval::failed
;;|   × f expects a list, found: 5
;;|     ╭─[syntax/error-like-steel.scm:12:1]
;;|  11 │
;;|  12 │ (error "f expects a list, found: 5")
;;|     · ──────────────────┬─────────────────
;;|     ·                   ╰── here
;;|     ╰────

(error "f expects a list, found: 5")
