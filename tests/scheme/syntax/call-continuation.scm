;; A message that Steel breaks into lines.
;; error:
;;|   × 5 is called like a procedure
;;|     ╭─[syntax/call-continuation.scm:11:1]
;;|  10 │
;;|  11 │ (call/cc 5)
;;|     · ─────┬─────
;;|     ·      ╰── here
;;|     ╰────

(call/cc 5)
