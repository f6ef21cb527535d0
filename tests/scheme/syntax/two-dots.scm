;; Two dots.
;; error:
;;| fruix::eval::malformed-form
;;|   × improper lists can only have a single dot
;;|     ╭─[syntax/two-dots.scm:12:9]
;;|  11 │
;;|  12 │ '(1 . 2 . 3)
;;|     ·         ┬
;;|     ·         ╰── here
;;|     ╰────

'(1 . 2 . 3)
