;; A character that has no meaning.
;; error:
;;| fruix::eval::unreadable-text
;;|   × unreadable text: invalid character name
;;|     ╭─[syntax/bad-character.scm:12:9]
;;|  11 │
;;|  12 │ (list 1 #\nosuchname)
;;|     ·         ┬
;;|     ·         ╰── here
;;|     ╰────

(list 1 #\nosuchname)
