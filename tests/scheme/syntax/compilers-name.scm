;; A name that the compiler makes.
;; error:
;;| fruix::eval::unreadable-text
;;|   × a name cannot begin with `##`
;;|     ╭─[syntax/compilers-name.scm:13:9]
;;|  12 │
;;|  13 │ (define |##mm1__x| 5)
;;|     ·         ─────┬────
;;|     ·              ╰── such names are the interpreter's own
;;|     ╰────
;;|   help: choose another name

(define |##mm1__x| 5)
