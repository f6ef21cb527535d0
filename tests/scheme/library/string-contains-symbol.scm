;; A symbol where a string is expected.
;; error:
;;|   × string-contains: expected a string, got the symbol abc
;;|     ╭─[library/string-contains-symbol.scm:13:12]
;;|  12 │ (use-modules (fruix strings))
;;|  13 │ (define at (string-contains 'abc "b"))
;;|     ·            ─────────────┬────────────
;;|     ·                         ╰── here
;;|  14 │ at
;;|     ╰────

(use-modules (fruix strings))
(define at (string-contains 'abc "b"))
at
