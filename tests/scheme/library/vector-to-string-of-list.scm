;; Where the interpreter names types of its own, the message names those of Scheme.
;; error:
;;| fruix::eval::wrong-type
;;|   × `vector->string` expected a vector
;;|     ╭─[library/vector-to-string-of-list.scm:12:1]
;;|  11 │
;;|  12 │ (vector->string (list #\a #\b))
;;|     · ───────────────┬───────────────
;;|     ·                ╰── here
;;|     ╰────

(vector->string (list #\a #\b))
