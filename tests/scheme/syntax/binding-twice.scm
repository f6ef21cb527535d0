;; Two variables of one `let`.
;; error:
;;|   × `x` is bound twice
;;|     ╭─[syntax/binding-twice.scm:13:20]
;;|  12 │
;;|  13 │ (let ([x 1] [y 2] [x 3]) x)
;;|     ·        ┬           ┬
;;|     ·        │           ╰── again here
;;|     ·        ╰── first here
;;|     ╰────
;;|   help: give one of them another name

(let ([x 1] [y 2] [x 3]) x)
