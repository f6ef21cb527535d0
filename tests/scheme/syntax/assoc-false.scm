;; Assoc false.
;; error:
;;|   × `cdr` expected a list, found #f
;;|     ╭─[syntax/assoc-false.scm:11:1]
;;|  10 │
;;|  11 │ (cdr (assoc 'x '((a . 1))))
;;|     · ─────────────┬─────────────
;;|     ·              ╰── here
;;|     ╰────

(cdr (assoc 'x '((a . 1))))
