;; A malformed let.
;; error:
;;|   × let expected a list of variable binding pairs
;;|     ╭─[syntax/bad-let.scm:11:1]
;;|  10 │
;;|  11 │ (let (x 5) x)
;;|     · ──────┬──────
;;|     ·       ╰── here
;;|     ╰────

(let (x 5) x)
