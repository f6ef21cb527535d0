;; A list where a gexp is expected.
;; error:
;;| fruix::eval::failed
;;|   × computed-file: expected a gexp, such as #~(write-file #$output TEXT), got (write-file "x")
;;|     ╭─[gexps/not-a-gexp.scm:13:1]
;;|  12 │ (use-modules (fruix gexp))
;;|  13 │ (computed-file "a" '(write-file "x"))
;;|     · ──────────────────┬──────────────────
;;|     ·                   ╰── here
;;|     ╰────

(use-modules (fruix gexp))
(computed-file "a" '(write-file "x"))
