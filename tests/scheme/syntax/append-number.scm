;; Append number.
;; error:
;;| fruix::eval::wrong-type
;;|   × `string-append` expected a string, found 5
;;|     ╭─[syntax/append-number.scm:12:1]
;;|  11 │
;;|  12 │ (string-append "a" 5)
;;|     · ──────────┬──────────
;;|     ·           ╰── here
;;|     ╰────

(string-append "a" 5)
