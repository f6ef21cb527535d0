;; A procedure made of others: the one that was called is named.
;; error:
;;|   × `assoc` expected a list or pair, found 5
;;|     ╭─[syntax/assoc-number.scm:11:1]
;;|  10 │
;;|  11 │ (assoc 1 5)
;;|     · ─────┬─────
;;|     ·      ╰── here
;;|     ╰────

(assoc 1 5)
