;; A value that the interpreter shows on several lines.
;; error:
;;| fruix::eval::wrong-type
;;|   × `raise-error` cannot take #<hashmap { 1: 2, }>
;;|     ╭─[hostile/raise-hash.scm:12:1]
;;|  11 │
;;|  12 │ (raise-error (hash 1 2))
;;|     · ────────────┬───────────
;;|     ·             ╰── here
;;|     ╰────

(raise-error (hash 1 2))
