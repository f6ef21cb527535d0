;; A module named through a macro.
;; error:
;;|   × `require` stands at the top level of a file
;;|     ╭─[hostile/require-in-macro.scm:12:6]
;;|  11 │ (define-syntax use (syntax-rules () [(_ form path) (form path)]))
;;|  12 │ (use require "/etc/passwd")
;;|     ·      ───┬───
;;|     ·         ╰── here
;;|     ╰────

(define-syntax use (syntax-rules () [(_ form path) (form path)]))
(use require "/etc/passwd")
