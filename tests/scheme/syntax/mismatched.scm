;; A bracket closed by a parenthesis.
;; error:
;;| fruix::eval::unbalanced
;;|   × `)` does not match the opening parenthesis
;;|     ╭─[syntax/mismatched.scm:13:11]
;;|  12 │
;;|  13 │ (let ([x 5)) x)
;;|     ·       ┬   ┬
;;|     ·       │   ╰── expected `]`
;;|     ·       ╰── opened here
;;|     ╰────

(let ([x 5)) x)
