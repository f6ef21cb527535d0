;; A malformed if.
;; error:
;;| fruix::eval::malformed-form
;;|   × `if` expected a test condition, found none
;;|     ╭─[syntax/bad-if.scm:14:1]
;;|  13 │ (define x 1)
;;|  14 │ (if)
;;|     · ──┬─
;;|     ·   ╰── here
;;|     ╰────
;;|   help: write (if TEST THEN ELSE)

(define x 1)
(if)
