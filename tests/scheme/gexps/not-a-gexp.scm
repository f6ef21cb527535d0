;; A list where a gexp is expected.
;; error:
;;|   × computed-file: expected a gexp, such as #~(write-file #$output TEXT), got (write-file "x")
;;|     ╭─[gexps/not-a-gexp.scm:12:1]
;;|  11 │ (use-modules (fruix gexp))
;;|  12 │ (computed-file "a" '(write-file "x"))
;;|     · ──────────────────┬──────────────────
;;|     ·                   ╰── here
;;|     ╰────

(use-modules (fruix gexp))
(computed-file "a" '(write-file "x"))
