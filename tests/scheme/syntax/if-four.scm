;; If four.
;; error:
;;| fruix::eval::malformed-form
;;|   × `if` expected only 3 expressions
;;|     ╭─[syntax/if-four.scm:13:1]
;;|  12 │
;;|  13 │ (if 1 2 3 4)
;;|     · ──────┬─────
;;|     ·       ╰── here
;;|     ╰────
;;|   help: write (if TEST THEN ELSE)

(if 1 2 3 4)
