;; Symbol of number.
;; error:
;;| fruix::eval::wrong-type
;;|   × `string->symbol` expected a string, found 5
;;|     ╭─[syntax/symbol-of-number.scm:12:1]
;;|  11 │
;;|  12 │ (string->symbol 5)
;;|     · ─────────┬────────
;;|     ·          ╰── here
;;|     ╰────

(string->symbol 5)
