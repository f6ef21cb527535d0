;; A character that has no meaning.
;; error:
;;|   × unreadable text: invalid character name
;;|     ╭─[syntax/bad-character.scm:11:9]
;;|  10 │
;;|  11 │ (list 1 #\nosuchname)
;;|     ·         ┬
;;|     ·         ╰── here
;;|     ╰────

(list 1 #\nosuchname)
