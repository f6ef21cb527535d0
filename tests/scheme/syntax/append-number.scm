;; Append number.
;; error:
;;|   × `string-append` expected a string, found 5
;;|     ╭─[syntax/append-number.scm:11:1]
;;|  10 │
;;|  11 │ (string-append "a" 5)
;;|     · ──────────┬──────────
;;|     ·           ╰── here
;;|     ╰────

(string-append "a" 5)
