;; Too many arguments for a built-in procedure.
;; error:
;;| fruix::eval::wrong-arguments
;;|   × `car` expected 1 argument, found 2
;;|     ╭─[syntax/arity-builtin.scm:12:9]
;;|  11 │
;;|  12 │ (list 1 (car '(1) '(2)))
;;|     ·         ───────┬───────
;;|     ·                ╰── in this call
;;|     ╰────

(list 1 (car '(1) '(2)))
