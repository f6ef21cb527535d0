;; A message that Steel breaks into lines.
;; error:
;;| fruix::eval::malformed-form
;;|   × 5 is called like a procedure
;;|     ╭─[syntax/call-continuation.scm:12:1]
;;|  11 │
;;|  12 │ (call/cc 5)
;;|     · ─────┬─────
;;|     ·      ╰── here
;;|     ╰────

(call/cc 5)
