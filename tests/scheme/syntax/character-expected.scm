;; Steel says it with a colon.
;; error:
;;|   × `char->integer` expected a character
;;|     ╭─[syntax/character-expected.scm:11:1]
;;|  10 │
;;|  11 │ (char->integer "a")
;;|     · ─────────┬─────────
;;|     ·          ╰── here
;;|     ╰────

(char->integer "a")
