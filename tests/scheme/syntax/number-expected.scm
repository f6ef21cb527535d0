;; Steel names no procedure.
;; error:
;;|   × `max` expected real numbers, found a
;;|     ╭─[syntax/number-expected.scm:11:1]
;;|  10 │
;;|  11 │ (max 1 'a)
;;|     · ─────┬────
;;|     ·      ╰── here
;;|     ╰────

(max 1 'a)
