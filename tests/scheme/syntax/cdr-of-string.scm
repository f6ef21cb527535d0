;; Cdr of string.
;; error:
;;|   × `cdr` expected a list, found "abc"
;;|     ╭─[syntax/cdr-of-string.scm:11:1]
;;|  10 │
;;|  11 │ (cdr "abc")
;;|     · ─────┬─────
;;|     ·      ╰── here
;;|     ╰────

(cdr "abc")
