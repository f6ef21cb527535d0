;; A declaration prints nothing.
;; error:
;;| fruix::eval::failed
;;|   × format: a declaration prints nothing; the destination is #f
;;|     ╭─[library/format-prints.scm:13:1]
;;|  12 │ (use-modules (fruix strings))
;;|  13 │ (format #t "hello")
;;|     · ─────────┬─────────
;;|     ·          ╰── here
;;|     ╰────

(use-modules (fruix strings))
(format #t "hello")
