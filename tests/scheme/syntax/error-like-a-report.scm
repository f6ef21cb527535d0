;; A message of the user's that looks like one of ours.
;; error:
;;| fruix::eval::failed
;;|   × this declaration has errors
;;|     ╭─[syntax/error-like-a-report.scm:12:1]
;;|  11 │
;;|  12 │ (error "this declaration has errors")
;;|     · ──────────────────┬──────────────────
;;|     ·                   ╰── here
;;|     ╰────

(error "this declaration has errors")
