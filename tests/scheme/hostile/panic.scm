;; The interpreter itself fails.
;; error:
;;| fruix::eval::internal-fault
;;|   × the interpreter failed on this declaration
;;|     ╭─[hostile/panic.scm:14:1]
;;|  13 │ (define fine 1)
;;|  14 │ (transduce '() (into-max))
;;|     · ─────────────┬────────────
;;|     ·              ╰── while evaluating this
;;|     ╰────
;;|   help: this is a fault of Fruix or of its Scheme; find the expression by removing parts of the file

(define fine 1)
(transduce '() (into-max))
