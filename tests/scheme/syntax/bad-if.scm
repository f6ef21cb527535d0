;; A malformed if.
;; error:
;;|   × if expects a test condition, found none
;;|     ╭─[syntax/bad-if.scm:12:1]
;;|  11 │ (define x 1)
;;|  12 │ (if)
;;|     · ──┬─
;;|     ·   ╰── here
;;|     ╰────

(define x 1)
(if)
