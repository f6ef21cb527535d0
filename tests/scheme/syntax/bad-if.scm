;; A malformed if.
;; error:
;;|   × `if` expected a test condition, found none
;;|     ╭─[syntax/bad-if.scm:13:1]
;;|  12 │ (define x 1)
;;|  13 │ (if)
;;|     · ──┬─
;;|     ·   ╰── here
;;|     ╰────
;;|   help: write (if TEST THEN ELSE)

(define x 1)
(if)
