;; A bracket closed by a parenthesis.
;; error:
;;|   × `)` does not match the opening parenthesis
;;|     ╭─[syntax/mismatched.scm:12:11]
;;|  11 │
;;|  12 │ (let ([x 5)) x)
;;|     ·       ┬   ┬
;;|     ·       │   ╰── expected `]`
;;|     ·       ╰── opened here
;;|     ╰────

(let ([x 5)) x)
