;; A declaration prints nothing.
;; error:
;;|   × format: a declaration prints nothing; the destination is #f
;;|     ╭─[library/format-prints.scm:12:1]
;;|  11 │ (use-modules (fruix strings))
;;|  12 │ (format #t "hello")
;;|     · ─────────┬─────────
;;|     ·          ╰── here
;;|     ╰────

(use-modules (fruix strings))
(format #t "hello")
