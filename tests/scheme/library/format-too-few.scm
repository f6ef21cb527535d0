;; A directive of `format` without an argument.
;; error:
;;| fruix::eval::failed
;;|   × format: no argument is left for ~a
;;|     ╭─[library/format-too-few.scm:14:14]
;;|  13 │ (use-modules (fruix strings))
;;|  14 │ (define text (format #f "~a and ~a" 1))
;;|     ·              ────────────┬────────────
;;|     ·                          ╰── here
;;|  15 │ text
;;|     ╰────

(use-modules (fruix strings))
(define text (format #f "~a and ~a" 1))
text
