;; Substring range.
;; error:
;;| fruix::eval::failed
;;|   × substring: index out of bounds: right bound: 9
;;|     ╭─[syntax/substring-range.scm:12:1]
;;|  11 │
;;|  12 │ (substring "abc" 2 9)
;;|     · ──────────┬──────────
;;|     ·           ╰── here
;;|     ╰────

(substring "abc" 2 9)
