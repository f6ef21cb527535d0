;; Two bounds the wrong way round.
;; error:
;;|   × `substring`: the start, 2, lies behind the end, 1
;;|     ╭─[syntax/substring-bounds.scm:11:1]
;;|  10 │
;;|  11 │ (substring "abc" 2 1)
;;|     · ──────────┬──────────
;;|     ·           ╰── here
;;|     ╰────

(substring "abc" 2 1)
