;; Call string.
;; error:
;;| fruix::eval::malformed-form
;;|   × "abc" is called like a procedure
;;|     ╭─[syntax/call-string.scm:12:1]
;;|  11 │
;;|  12 │ ("abc" 1)
;;|     · ────┬────
;;|     ·     ╰── here
;;|     ╰────

("abc" 1)
