;; Symbol of number.
;; error:
;;|   × `string->symbol` expected a string, found 5
;;|     ╭─[syntax/symbol-of-number.scm:11:1]
;;|  10 │
;;|  11 │ (string->symbol 5)
;;|     · ─────────┬────────
;;|     ·          ╰── here
;;|     ╰────

(string->symbol 5)
