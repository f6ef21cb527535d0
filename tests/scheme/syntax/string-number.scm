;; String number.
;; error:
;;| fruix::eval::wrong-type
;;|   × `string->number` expected a string, found 5
;;|     ╭─[syntax/string-number.scm:12:1]
;;|  11 │
;;|  12 │ (string->number 5)
;;|     · ─────────┬────────
;;|     ·          ╰── here
;;|     ╰────

(string->number 5)
