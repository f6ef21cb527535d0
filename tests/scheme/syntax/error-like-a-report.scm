;; A message of the user's that looks like one of ours.
;; error:
;;|   × this declaration has errors
;;|     ╭─[syntax/error-like-a-report.scm:11:1]
;;|  10 │
;;|  11 │ (error "this declaration has errors")
;;|     · ──────────────────┬──────────────────
;;|     ·                   ╰── here
;;|     ╰────

(error "this declaration has errors")
