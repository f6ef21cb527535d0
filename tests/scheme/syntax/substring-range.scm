;; Substring range.
;; error:
;;|   × substring: index out of bounds: right bound: 9
;;|     ╭─[syntax/substring-range.scm:11:1]
;;|  10 │
;;|  11 │ (substring "abc" 2 9)
;;|     · ──────────┬──────────
;;|     ·           ╰── here
;;|     ╰────

(substring "abc" 2 9)
