;; An absurd width.
;; error:
;;| fruix::eval::failed
;;|   × string-pad: a width is at most 10000
;;|     ╭─[library/pad-wide.scm:14:14]
;;|  13 │ (use-modules (fruix strings))
;;|  14 │ (define text (string-pad "a" 1000000000))
;;|     ·              ─────────────┬─────────────
;;|     ·                           ╰── here
;;|  15 │ text
;;|     ╰────

(use-modules (fruix strings))
(define text (string-pad "a" 1000000000))
text
