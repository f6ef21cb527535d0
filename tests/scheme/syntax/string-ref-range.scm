;; String ref range.
;; error:
;;| fruix::eval::failed
;;|   × `string-ref`: there is no character 9 in a string of 3
;;|     ╭─[syntax/string-ref-range.scm:12:1]
;;|  11 │
;;|  12 │ (string-ref "abc" 9)
;;|     · ──────────┬─────────
;;|     ·           ╰── here
;;|     ╰────

(string-ref "abc" 9)
