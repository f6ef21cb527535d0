;; An absurd width.
;; error:
;;|   × string-pad: a width is at most 10000
;;|     ╭─[library/pad-wide.scm:13:14]
;;|  12 │ (use-modules (fruix strings))
;;|  13 │ (define text (string-pad "a" 1000000000))
;;|     ·              ─────────────┬─────────────
;;|     ·                           ╰── here
;;|  14 │ text
;;|     ╰────

(use-modules (fruix strings))
(define text (string-pad "a" 1000000000))
text
