;; Steel names no procedure.
;; error:
;;| fruix::eval::wrong-type
;;|   × `max` expected real numbers, found a
;;|     ╭─[syntax/number-expected.scm:12:1]
;;|  11 │
;;|  12 │ (max 1 'a)
;;|     · ─────┬────
;;|     ·      ╰── here
;;|     ╰────

(max 1 'a)
