;; Too many arguments for a built-in procedure.
;; error:
;;|   × `car` expected 1 argument, found 2
;;|     ╭─[syntax/arity-builtin.scm:11:9]
;;|  10 │
;;|  11 │ (list 1 (car '(1) '(2)))
;;|     ·         ───────┬───────
;;|     ·                ╰── in this call
;;|     ╰────

(list 1 (car '(1) '(2)))
