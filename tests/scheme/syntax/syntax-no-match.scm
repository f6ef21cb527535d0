;; Syntax no match.
;; error:
;;|   × `swap` is not written like this: (swap 1)
;;|     ╭─[syntax/syntax-no-match.scm:12:1]
;;|  11 │ (define-syntax swap (syntax-rules () [(_ a b) (list b a)]))
;;|  12 │ (swap 1)
;;|     · ────┬───
;;|     ·     ╰── here
;;|     ╰────

(define-syntax swap (syntax-rules () [(_ a b) (list b a)]))
(swap 1)
