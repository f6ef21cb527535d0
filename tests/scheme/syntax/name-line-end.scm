;; A backslash at the end of a line, in a name.
;; error:
;;| fruix::eval::unreadable-text
;;|   × a name has `\` before the end of a line
;;|     ╭─[syntax/name-line-end.scm:14:10]
;;|  13 │ (define x 1)
;;|  14 │ (display foo\
;;|     ·          ──┬──
;;|     ·            ╰── this name does not end here
;;|  15 │ )
;;|     ╰────
;;|   help: leave out the `\`, or write the name between bars: |a b|
(define x 1)
(display foo\
)
