;; Call string.
;; error:
;;|   × "abc" is called like a procedure
;;|     ╭─[syntax/call-string.scm:11:1]
;;|  10 │
;;|  11 │ ("abc" 1)
;;|     · ────┬────
;;|     ·     ╰── here
;;|     ╰────

("abc" 1)
