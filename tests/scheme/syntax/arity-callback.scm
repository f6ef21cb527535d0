;; The procedure that got the wrong number of arguments is not the one that is called.
;; error:
;;|   × a procedure that `map` calls expected 2 arguments, found 1
;;|     ╭─[syntax/arity-callback.scm:11:1]
;;|  10 │
;;|  11 │ (map (lambda (a b) a) '(1 2))
;;|     · ──────────────┬──────────────
;;|     ·               ╰── in this call
;;|     ╰────

(map (lambda (a b) a) '(1 2))
