;; Two bounds the wrong way round.
;; error:
;;| fruix::eval::failed
;;|   × `substring`: the start, 2, lies behind the end, 1
;;|     ╭─[syntax/substring-bounds.scm:12:1]
;;|  11 │
;;|  12 │ (substring "abc" 2 1)
;;|     · ──────────┬──────────
;;|     ·           ╰── here
;;|     ╰────

(substring "abc" 2 1)
