;; What contains itself cannot be shown.
;; error:
;;| fruix::eval::failed
;;|   × to-string: this is too large to be shown, or contains itself
;;|     ╭─[hostile/shown-without-end.scm:15:1]
;;|  14 │ (set-box! b (list b))
;;|  15 │ (to-string b)
;;|     · ──────┬──────
;;|     ·       ╰── here
;;|     ╰────
;;|   help: show a part of it

(define b (box 1))
(set-box! b (list b))
(to-string b)
