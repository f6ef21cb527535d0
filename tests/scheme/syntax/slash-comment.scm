;; Slash comment.
;; error:
;;| fruix::eval::unbound-name
;;|   × `//` is not defined
;;|     ╭─[syntax/slash-comment.scm:14:1]
;;|  13 │
;;|  14 │ // a comment
;;|     · ─┬
;;|     ·  ╰── not known here
;;|  15 │ (define x 1)
;;|     ╰────
;;|   help: comments start with `;`

// a comment
(define x 1)
