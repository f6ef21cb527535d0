;; Assoc false.
;; error:
;;| fruix::eval::wrong-type
;;|   × `cdr` expected a list, found #f
;;|     ╭─[syntax/assoc-false.scm:12:1]
;;|  11 │
;;|  12 │ (cdr (assoc 'x '((a . 1))))
;;|     · ─────────────┬─────────────
;;|     ·              ╰── here
;;|     ╰────

(cdr (assoc 'x '((a . 1))))
