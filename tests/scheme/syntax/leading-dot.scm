;; Leading dot.
;; error:
;;| fruix::eval::malformed-form
;;|   × improper lists must have a car element before the dot
;;|     ╭─[syntax/leading-dot.scm:12:2]
;;|  11 │
;;|  12 │ '(. x)
;;|     ·  ──┬──
;;|     ·    ╰── here
;;|     ╰────

'(. x)
