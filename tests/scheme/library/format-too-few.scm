;; A directive of `format` without an argument.
;; error:
;;|   × format: no argument is left for ~a
;;|     ╭─[library/format-too-few.scm:13:14]
;;|  12 │ (use-modules (fruix strings))
;;|  13 │ (define text (format #f "~a and ~a" 1))
;;|     ·              ────────────┬────────────
;;|     ·                          ╰── here
;;|  14 │ text
;;|     ╰────

(use-modules (fruix strings))
(define text (format #f "~a and ~a" 1))
text
