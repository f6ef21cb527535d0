;; A name that the compiler makes.
;; error:
;;|   × a name cannot begin with `##`
;;|     ╭─[syntax/compilers-name.scm:12:9]
;;|  11 │
;;|  12 │ (define |##mm1__x| 5)
;;|     ·         ─────┬────
;;|     ·              ╰── such names are the interpreter's own
;;|     ╰────
;;|   help: choose another name

(define |##mm1__x| 5)
