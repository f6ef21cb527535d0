;; String ref range.
;; error:
;;|   × `string-ref`: there is no character 9 in a string of 3
;;|     ╭─[syntax/string-ref-range.scm:11:1]
;;|  10 │
;;|  11 │ (string-ref "abc" 9)
;;|     · ──────────┬─────────
;;|     ·           ╰── here
;;|     ╰────

(string-ref "abc" 9)
