;; String ref range.
;; error:
;;|   × string-ref: index out of bounds: index: 9, string length: 3
;;|     ╭─[syntax/string-ref-range.scm:11:1]
;;|  10 │
;;|  11 │ (string-ref "abc" 9)
;;|     · ──────────┬─────────
;;|     ·           ╰── here
;;|     ╰────

(string-ref "abc" 9)
