;; Add string.
;; error:
;;| fruix::eval::wrong-type
;;|   × `+` expected a number, found "a"
;;|     ╭─[syntax/add-string.scm:12:1]
;;|  11 │
;;|  12 │ (+ 1 "a")
;;|     · ────┬────
;;|     ·     ╰── here
;;|     ╰────

(+ 1 "a")
