;; Cdr of string.
;; error:
;;| fruix::eval::wrong-type
;;|   × `cdr` expected a list, found "abc"
;;|     ╭─[syntax/cdr-of-string.scm:12:1]
;;|  11 │
;;|  12 │ (cdr "abc")
;;|     · ─────┬─────
;;|     ·      ╰── here
;;|     ╰────

(cdr "abc")
