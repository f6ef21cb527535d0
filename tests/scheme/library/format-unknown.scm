;; A directive that `format` does not know.
;; error:
;;| fruix::eval::failed
;;|   × format: unknown directive ~x
;;|     ╭─[library/format-unknown.scm:15:14]
;;|  14 │ (use-modules (fruix strings))
;;|  15 │ (define text (format #f "~x" 1))
;;|     ·              ─────────┬────────
;;|     ·                       ╰── here
;;|  16 │ text
;;|     ╰────
;;|   help: known are ~a, ~s, ~d, ~% and ~~

(use-modules (fruix strings))
(define text (format #f "~x" 1))
text
