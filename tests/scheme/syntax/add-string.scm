;; Add string.
;; error:
;;|   × `+` expected a number, found "a"
;;|     ╭─[syntax/add-string.scm:11:1]
;;|  10 │
;;|  11 │ (+ 1 "a")
;;|     · ────┬────
;;|     ·     ╰── here
;;|     ╰────

(+ 1 "a")
