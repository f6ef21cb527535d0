;; Syntax no match.
;; error:
;;| fruix::eval::malformed-form
;;|   × `swap` is not written like this: (swap 1)
;;|     ╭─[syntax/syntax-no-match.scm:13:1]
;;|  12 │ (define-syntax swap (syntax-rules () [(_ a b) (list b a)]))
;;|  13 │ (swap 1)
;;|     · ────┬───
;;|     ·     ╰── here
;;|     ╰────

(define-syntax swap (syntax-rules () [(_ a b) (list b a)]))
(swap 1)
