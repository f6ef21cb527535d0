;; A procedure made of others: the one that was called is named.
;; error:
;;| fruix::eval::wrong-type
;;|   × `assoc` expected a list or pair, found 5
;;|     ╭─[syntax/assoc-number.scm:12:1]
;;|  11 │
;;|  12 │ (assoc 1 5)
;;|     · ─────┬─────
;;|     ·      ╰── here
;;|     ╰────

(assoc 1 5)
