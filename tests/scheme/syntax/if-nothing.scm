;; If nothing.
;; error:
;;|   × `if` expected a test condition, found none
;;|     ╭─[syntax/if-nothing.scm:12:1]
;;|  11 │
;;|  12 │ (if)
;;|     · ──┬─
;;|     ·   ╰── here
;;|     ╰────
;;|   help: write (if TEST THEN ELSE)

(if)
