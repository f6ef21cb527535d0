;; Two dots.
;; error:
;;|   × improper lists can only have a single dot
;;|     ╭─[syntax/two-dots.scm:11:9]
;;|  10 │
;;|  11 │ '(1 . 2 . 3)
;;|     ·         ┬
;;|     ·         ╰── here
;;|     ╰────

'(1 . 2 . 3)
