;; A module named through a macro.
;; error:
;;| fruix::eval::failed
;;|   × `require` stands at the top level of a file
;;|     ╭─[hostile/require-in-macro.scm:13:6]
;;|  12 │ (define-syntax use (syntax-rules () [(_ form path) (form path)]))
;;|  13 │ (use require "/etc/passwd")
;;|     ·      ───┬───
;;|     ·         ╰── here
;;|     ╰────

(define-syntax use (syntax-rules () [(_ form path) (form path)]))
(use require "/etc/passwd")
