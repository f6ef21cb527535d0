;; If nothing.
;; error:
;;| fruix::eval::malformed-form
;;|   × `if` expected a test condition, found none
;;|     ╭─[syntax/if-nothing.scm:13:1]
;;|  12 │
;;|  13 │ (if)
;;|     · ──┬─
;;|     ·   ╰── here
;;|     ╰────
;;|   help: write (if TEST THEN ELSE)

(if)
