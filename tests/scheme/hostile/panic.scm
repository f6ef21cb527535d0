;; The interpreter itself fails.
;; error:
;;|   × the interpreter failed on this declaration
;;|     ╭─[hostile/panic.scm:13:1]
;;|  12 │ (define fine 1)
;;|  13 │ (transduce '() (into-max))
;;|     · ─────────────┬────────────
;;|     ·              ╰── while evaluating this
;;|     ╰────
;;|   help: this is a fault of Fruix or of its Scheme; find the expression by removing parts of the file

(define fine 1)
(transduce '() (into-max))
