;; Joining what is no string.
;; error:
;;|   × string-join: expected a string, got the symbol b
;;|     ╭─[library/string-join-odd.scm:12:1]
;;|  11 │ (use-modules (fruix strings))
;;|  12 │ (string-join '("a" b) ",")
;;|     · ─────────────┬────────────
;;|     ·              ╰── here
;;|     ╰────

(use-modules (fruix strings))
(string-join '("a" b) ",")
