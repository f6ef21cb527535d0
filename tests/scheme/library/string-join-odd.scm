;; Joining what is no string.
;; error:
;;| fruix::eval::failed
;;|   × string-join: expected a string, got the symbol b
;;|     ╭─[library/string-join-odd.scm:13:1]
;;|  12 │ (use-modules (fruix strings))
;;|  13 │ (string-join '("a" b) ",")
;;|     · ─────────────┬────────────
;;|     ·              ╰── here
;;|     ╰────

(use-modules (fruix strings))
(string-join '("a" b) ",")
