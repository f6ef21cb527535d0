;; The procedure that got the wrong number of arguments is not the one that is called.
;; error:
;;| fruix::eval::wrong-arguments
;;|   × a procedure that `map` calls expected 2 arguments, found 1
;;|     ╭─[syntax/arity-callback.scm:12:1]
;;|  11 │
;;|  12 │ (map (lambda (a b) a) '(1 2))
;;|     · ──────────────┬──────────────
;;|     ·               ╰── in this call
;;|     ╰────

(map (lambda (a b) a) '(1 2))
