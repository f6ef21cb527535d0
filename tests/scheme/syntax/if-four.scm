;; If four.
;; error:
;;|   × `if` expected only 3 expressions
;;|     ╭─[syntax/if-four.scm:12:1]
;;|  11 │
;;|  12 │ (if 1 2 3 4)
;;|     · ──────┬─────
;;|     ·       ╰── here
;;|     ╰────
;;|   help: write (if TEST THEN ELSE)

(if 1 2 3 4)
