;; Slash comment.
;; error:
;;|   × `//` is not defined
;;|     ╭─[syntax/slash-comment.scm:13:1]
;;|  12 │
;;|  13 │ // a comment
;;|     · ─┬
;;|     ·  ╰── not known here
;;|  14 │ (define x 1)
;;|     ╰────
;;|   help: comments start with `;`

// a comment
(define x 1)
