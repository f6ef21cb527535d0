;; Leading dot.
;; error:
;;|   × improper lists must have a car element before the dot
;;|     ╭─[syntax/leading-dot.scm:11:2]
;;|  10 │
;;|  11 │ '(. x)
;;|     ·  ──┬──
;;|     ·    ╰── here
;;|     ╰────

'(. x)
