;; What contains itself cannot be shown.
;; error:
;;|   × to-string: this is too large to be shown, or contains itself
;;|     ╭─[hostile/shown-without-end.scm:14:1]
;;|  13 │ (set-box! b (list b))
;;|  14 │ (to-string b)
;;|     · ──────┬──────
;;|     ·       ╰── here
;;|     ╰────
;;|   help: show a part of it

(define b (box 1))
(set-box! b (list b))
(to-string b)
