;; String number.
;; error:
;;|   × `string->number` expected a string, found 5
;;|     ╭─[syntax/string-number.scm:11:1]
;;|  10 │
;;|  11 │ (string->number 5)
;;|     · ─────────┬────────
;;|     ·          ╰── here
;;|     ╰────

(string->number 5)
