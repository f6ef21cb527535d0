;; Steel says it with a colon.
;; error:
;;| fruix::eval::wrong-type
;;|   × `char->integer` expected a character
;;|     ╭─[syntax/character-expected.scm:12:1]
;;|  11 │
;;|  12 │ (char->integer "a")
;;|     · ─────────┬─────────
;;|     ·          ╰── here
;;|     ╰────

(char->integer "a")
