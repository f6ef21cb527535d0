;; A symbol where a string is expected.
;; error:
;;| fruix::eval::failed
;;|   × string-contains: expected a string, got the symbol abc
;;|     ╭─[library/string-contains-symbol.scm:14:12]
;;|  13 │ (use-modules (fruix strings))
;;|  14 │ (define at (string-contains 'abc "b"))
;;|     ·            ─────────────┬────────────
;;|     ·                         ╰── here
;;|  15 │ at
;;|     ╰────

(use-modules (fruix strings))
(define at (string-contains 'abc "b"))
at
