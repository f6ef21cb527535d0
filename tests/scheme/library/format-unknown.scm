;; A directive that `format` does not know.
;; error:
;;|   × format: unknown directive ~x
;;|     ╭─[library/format-unknown.scm:14:14]
;;|  13 │ (use-modules (fruix strings))
;;|  14 │ (define text (format #f "~x" 1))
;;|     ·              ─────────┬────────
;;|     ·                       ╰── here
;;|  15 │ text
;;|     ╰────
;;|   help: known are ~a, ~s, ~d, ~% and ~~

(use-modules (fruix strings))
(define text (format #f "~x" 1))
text
