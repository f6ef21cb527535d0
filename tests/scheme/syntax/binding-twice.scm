;; Two variables of one `let`.
;; error:
;;| fruix::eval::bound-twice
;;|   × `x` is bound twice
;;|     ╭─[syntax/binding-twice.scm:14:20]
;;|  13 │
;;|  14 │ (let ([x 1] [y 2] [x 3]) x)
;;|     ·        ┬           ┬
;;|     ·        │           ╰── again here
;;|     ·        ╰── first here
;;|     ╰────
;;|   help: give one of them another name

(let ([x 1] [y 2] [x 3]) x)
