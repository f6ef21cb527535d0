;; Two macros that expand to each other.
;; error:
;;|   × the macro `ping` expands without end
;;|     ╭─[syntax/macro-endless-each-other.scm:13:16]
;;|  12 │
;;|  13 │ (define-syntax ping (syntax-rules () [(_ x) (pong x)]))
;;|     ·                ──┬─
;;|     ·                  ╰── each of its rules uses it again, or another such macro
;;|  14 │ (define-syntax pong (syntax-rules () [(_ x) (ping x)]))
;;|     ╰────
;;|   help: add a rule that does not

(define-syntax ping (syntax-rules () [(_ x) (pong x)]))
(define-syntax pong (syntax-rules () [(_ x) (ping x)]))
(ping 1)
