;; Two macros that expand to each other.
;; error:
;;| fruix::eval::endless-macro
;;|   × the macro `ping` expands without end
;;|     ╭─[syntax/macro-endless-each-other.scm:14:16]
;;|  13 │
;;|  14 │ (define-syntax ping (syntax-rules () [(_ x) (pong x)]))
;;|     ·                ──┬─
;;|     ·                  ╰── each of its rules uses it again, or another such macro
;;|  15 │ (define-syntax pong (syntax-rules () [(_ x) (ping x)]))
;;|     ╰────
;;|   help: add a rule that does not

(define-syntax ping (syntax-rules () [(_ x) (pong x)]))
(define-syntax pong (syntax-rules () [(_ x) (ping x)]))
(ping 1)
